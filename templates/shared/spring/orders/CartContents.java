package com.example.shop.orders;

import java.util.Map;
import java.util.UUID;

/** What orders need to know of carts. */
public interface CartContents {

    /** A cart item. The revision identifies this state of the item; every change gives a new one. */
    record Item(int quantity, UUID revision) {}

    /** Returns the items of the user's cart by SKU. */
    Map<String, Item> of(UUID userId);
}
