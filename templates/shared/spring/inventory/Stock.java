package com.example.shop.inventory;

/** The stock of one SKU: units on hand, some of which are reserved for orders. */
public record Stock(String sku, long onHand, long reserved) {}
