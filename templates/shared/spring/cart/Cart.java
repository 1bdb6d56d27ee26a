package com.example.shop.cart;

import java.util.List;

import com.example.shop.chassis.Money;

/** A user's cart, and its total at current prices. */
record Cart(List<Item> items, Money total) {

    /** A product in a cart, at its current price. */
    record Item(String sku, String name, int quantity, Money unitPrice) {}
}
