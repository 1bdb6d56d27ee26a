package com.example.shop.orders;

import java.util.Collection;
import java.util.Map;

import com.example.shop.chassis.Money;

/** What orders need to know of products. */
public interface Prices {

    /** Returns the current price of each of the products that exists, by SKU. */
    Map<String, Money> of(Collection<String> skus);
}
