package com.example.shop.notifications;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The part of an order event's data that notifications read. */
@JsonIgnoreProperties(ignoreUnknown = true)
record OrderEvent(UUID userId, Order order) {

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Order(UUID id, Total total, @Nullable String reason) {}

    record Total(long amount, String currency) {}

    /** Returns the text of the message for an event of this type. */
    String wording(String type) {
        // Most currencies have two minor digits; adapt this for the others (ISO 4217).
        String total = BigDecimal.valueOf(order.total.amount, 2) + " " + order.total.currency;
        return switch (type) {
            case "OrderConfirmed" -> "Your order %s for %s is confirmed.".formatted(order.id, total);
            case "OrderCancelled" ->
                "Your order %s is cancelled. %s is back in your wallet.".formatted(order.id, total);
            default -> "Your order %s was rejected: %s.".formatted(order.id, reason());
        };
    }

    private String reason() {
        return order.reason == null ? "unknown" : order.reason.replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
