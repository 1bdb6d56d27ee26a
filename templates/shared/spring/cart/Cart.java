package com.example.shop.cart;

import com.example.shop.chassis.Money;
import java.util.List;

/** A user's cart, and its total at current prices. */
record Cart(List<Item> items, Money total) {

    /** A product in a cart, at its current price. */
    record Item(String sku, String name, int quantity, Money unitPrice) {}
}
