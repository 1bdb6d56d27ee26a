package com.example.shop.catalog;

import com.example.shop.chassis.Money;

/** A product for sale. The version starts at 1 and increases with each change. */
public record Product(String sku, String name, String description, String category, Money price, int version) {}
