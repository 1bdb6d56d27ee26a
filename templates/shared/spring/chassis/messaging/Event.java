package com.example.shop.chassis.messaging;

import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A fact that one context publishes to others. Events with one key (like an order's id) are delivered in order. */
public record Event(
        UUID id,
        String type,
        int version,
        LocalDateTime time,
        String key,
        @Nullable String traceparent,
        String data) {}
