package com.example.shop.cart;

import java.util.UUID;

/** The quantity of a product in a cart; every change of it gives a new revision. */
public record StoredItem(int quantity, UUID revision) {}
