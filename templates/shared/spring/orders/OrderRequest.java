package com.example.shop.orders;

import java.util.UUID;

/** Identifies a request and its repetitions: the user's idempotency key, and a digest of the content. */
public record OrderRequest(UUID userId, String key, String fingerprint) {}
