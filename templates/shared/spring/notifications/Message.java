package com.example.shop.notifications;

import java.time.LocalDateTime;
import java.util.UUID;

/** A message to a user about an order, caused by an event. */
record Message(UUID id, UUID eventId, UUID userId, UUID orderId, String about, String text, LocalDateTime createdAt) {}
