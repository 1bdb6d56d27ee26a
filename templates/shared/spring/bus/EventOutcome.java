package com.example.shop.chassis.messaging.bus;

/** What became of an event of a consumer group; listeners are told. A failed attempt is told before what follows of it. */
public enum EventOutcome {
    HANDLED,
    FAILED,
    RETRIED,
    PARKED,
    DEAD
}
