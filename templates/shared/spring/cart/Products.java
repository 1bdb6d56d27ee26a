package com.example.shop.cart;

import java.util.Collection;
import java.util.Map;

import com.example.shop.chassis.Money;

/** What the cart needs to know of products. */
public interface Products {

    /** The data of a product that the cart shows: its name, and the price of one unit. */
    record Shown(String name, Money price) {}

    /** Returns those of the products that exist, by SKU. */
    Map<String, Shown> find(Collection<String> skus);
}
