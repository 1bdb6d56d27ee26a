package com.example.shop.sagas;

import java.util.UUID;

/** What sagas need of payments. The same holds for its steps as for those of {@link Inventory}. */
public interface Payments {

    /** Debits the amount (minor units); returns false if the balance is too low, which is not final. */
    boolean debit(UUID userId, UUID orderId, long amount);

    /** Refunds the order's debit, and declines a debit that arrives later. */
    void refund(UUID userId, UUID orderId);

    /** Returns whether the order was debited and not refunded. */
    boolean isPaid(UUID userId, UUID orderId);
}
