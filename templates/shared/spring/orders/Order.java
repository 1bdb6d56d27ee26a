package com.example.shop.orders;

import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

import com.example.shop.chassis.Money;

/** An order; the reason is set only if it was rejected. */
public record Order(
        UUID id,
        OrderState state,
        @Nullable RejectionReason reason,
        List<Line> items,
        Money total,
        LocalDateTime createdAt,
        LocalDateTime updatedAt) {

    /** Units of one product, at its price when the order was placed. */
    public record Line(String sku, int quantity, Money unitPrice) {}
}
