package com.example.shop.orders;

import java.util.UUID;

/** The response to a request to place an order, the same for every repetition of the request. */
record OrderResponse(UUID orderId, String body, boolean replayed) {}
