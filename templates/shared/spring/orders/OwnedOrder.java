package com.example.shop.orders;

import java.util.UUID;

/** An order and its owner, as administrators see it in lists. */
record OwnedOrder(UUID userId, Order order) {}
