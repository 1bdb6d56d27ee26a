package com.example.shop.orders;

import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order, its owner, and the states that it went through, oldest first. */
record OrderDetails(UUID userId, Order order, List<Change> history) {

    /** A state that an order reached. */
    record Change(OrderState state, @Nullable RejectionReason reason, LocalDateTime at) {}

    /** Returns the order with its history; {@code confirmedAt} is when a cancelled order was confirmed. */
    static OrderDetails of(UUID userId, Order order, @Nullable LocalDateTime confirmedAt) {
        Change placed = new Change(OrderState.PENDING, null, order.createdAt());
        Change last = new Change(order.state(), order.reason(), order.updatedAt());
        List<Change> history = switch (order.state()) {
            case PENDING -> List.of(placed);
            case CONFIRMED, REJECTED -> List.of(placed, last);
            case CANCELLED -> List.of(placed, new Change(OrderState.CONFIRMED, null, confirmed(confirmedAt)), last);
        };
        return new OrderDetails(userId, order, history);
    }

    private static LocalDateTime confirmed(@Nullable LocalDateTime at) {
        if (at == null) {
            throw new IllegalArgumentException("Every cancelled order was confirmed before.");
        }
        return at;
    }
}
