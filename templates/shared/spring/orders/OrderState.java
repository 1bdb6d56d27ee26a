package com.example.shop.orders;

/** The state of an order. */
public enum OrderState {
    PENDING,
    CONFIRMED,
    REJECTED,
    CANCELLED
}
