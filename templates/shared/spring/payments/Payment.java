package com.example.shop.payments;

import java.time.LocalDateTime;
import java.util.UUID;

import com.example.shop.chassis.Money;

/** A payment for an order: a debit from the user, or a refund to the user. */
record Payment(UUID id, UUID orderId, Kind kind, Money amount, LocalDateTime createdAt) {}
