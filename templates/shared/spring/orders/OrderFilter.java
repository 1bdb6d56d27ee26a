package com.example.shop.orders;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which orders an administrator lists: all conditions that are given must hold. */
record OrderFilter(
        @Nullable OrderState state,
        @Nullable UUID userId,
        @Nullable Instant placedFrom,
        @Nullable Instant placedBefore) {}
