package com.example.shop.orders;

import org.jspecify.annotations.Nullable;

/** An order has reached a state; published in its transaction, for listeners in this process. */
record OrderChanged(OrderState state, @Nullable RejectionReason reason) {}
