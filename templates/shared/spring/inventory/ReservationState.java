package com.example.shop.inventory;

/** The state of an order's reservation. Only sagas refuse, hold and release units. */
enum ReservationState {
    REFUSED,
    HELD,
    RELEASED,
    COMMITTED,
    RESTOCKED
}
