package com.example.shop.sagas;

import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A saga past its deadline, and why its latest run failed. */
record OverdueSaga(
        UUID orderId,
        Stage stage,
        LocalDateTime deadline,
        int attempts,
        @Nullable String lastError) {}
