package com.example.shop.chassis.messaging;

/** Handles events. An event may arrive more than once. */
public interface EventHandler {

    /** Handles the event, or ignores it; throws an exception to get it again. */
    void handle(Event event);
}
