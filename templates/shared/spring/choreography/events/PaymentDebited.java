package com.example.shop.choreography;

import java.util.UUID;

/** The order is paid; the amount is in minor units. */
public record PaymentDebited(UUID orderId, UUID userId, long amount) {}
