package com.example.shop.sagas;

import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

import com.example.shop.orders.RejectionReason;

/**
 * An order in flight, claimed by a worker.
 *
 * @param deadline when an order that is not paid is rejected
 * @param attempts how many runs failed
 * @param claim the fencing token: every later claim replaces it, so an earlier one is invalid from then on, even for
 *     the next saga of the same order
 * @param traceparent the trace of the request that opened it
 */
record Saga(
        UUID orderId,
        UUID userId,
        Stage stage,
        @Nullable RejectionReason reason,
        LocalDateTime deadline,
        int attempts,
        UUID claim,
        @Nullable String traceparent) {

    /** Returns the saga with another claim. */
    Saga claimedWith(UUID token) {
        return new Saga(orderId, userId, stage, reason, deadline, attempts, token, traceparent);
    }
}
