package com.example.shop.sagas;

import java.util.Map;
import java.util.UUID;

/**
 * What sagas need of inventory: reservations of units for orders.
 *
 * <p>Every step is idempotent per order, even if two calls overtake each other. A method that returns has a definite
 * result. If it throws anything, the outcome is unknown: the step may have been taken, or may still be.
 */
public interface Inventory {

    /** Reserves the units of each SKU, all or none; returns false if there are too few, which is final. */
    boolean reserve(UUID orderId, Map<String, Integer> quantities);

    /** Removes the reserved units from the stock. */
    void commit(UUID orderId);

    /** Releases the reserved units, and refuses a reservation that arrives later. */
    void release(UUID orderId);

    /** Returns the committed units to the stock. */
    void restock(UUID orderId);
}
