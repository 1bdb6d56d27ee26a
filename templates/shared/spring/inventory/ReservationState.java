package com.example.shop.inventory;

/** The state of an order's reservation. */
enum ReservationState {
    COMMITTED,
    RESTOCKED
}
