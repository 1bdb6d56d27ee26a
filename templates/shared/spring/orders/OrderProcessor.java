package com.example.shop.orders;

/** Takes an order to its final state: confirmed, with units and payment, or rejected. */
public interface OrderProcessor {

    /**
     * Stores the pending order for the request and returns it, in its final state or still pending.
     *
     * <p>Throws a DuplicateKeyException if the request was already stored, or a cart item was already ordered.
     */
    OrderRecord place(OrderRecord placed, OrderRequest request);

    /** Restocks and refunds a confirmed order, once; returns it, cancelled or about to be. */
    OrderRecord cancel(OrderRecord confirmed);
}
