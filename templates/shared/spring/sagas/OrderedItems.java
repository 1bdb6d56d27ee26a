package com.example.shop.sagas;

import java.util.Map;
import java.util.UUID;

/** What sagas need of carts. */
public interface OrderedItems {

    /** Removes the items that still have these revisions, by SKU, from the user's cart. */
    void remove(UUID userId, Map<String, UUID> revisions);
}
