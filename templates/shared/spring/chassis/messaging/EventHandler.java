package com.example.shop.chassis.messaging;

import java.util.List;

/** Handles events. An event may arrive more than once. */
public interface EventHandler {

    /** Handles the event, or ignores it; throws an exception to get it again. */
    void handle(Event event);

    /** Handles events of different keys that arrived together; throws an exception to get each of them again, alone. */
    default void handleAll(List<Event> events) {
        events.forEach(this::handle);
    }
}
