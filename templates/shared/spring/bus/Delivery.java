package com.example.shop.chassis.messaging.bus;

import java.time.Instant;

/**
 * A message on its way to a handler.
 *
 * @param stage 0 in the topic where it was published, and n in the n-th retry topic
 * @param topic where it was published
 * @param position its offset there
 * @param due when it may be handled
 * @param failures in how many stages it failed
 */
record Delivery(StoredMessage message, int stage, String topic, long position, Instant due, int failures) {

    /** The events that are handled in order: those of one key in one topic. */
    record Queue(String topic, String key) {}

    /** Returns the queue that the event belongs to. */
    Queue queue() {
        return new Queue(topic, message.key());
    }

    /** Returns the delivery after one more failure. */
    Delivery failed() {
        return new Delivery(message, stage, topic, position, due, failures + 1);
    }

    @Override
    public String toString() {
        return "Event " + message.headers().getOrDefault("id", "?") + " ("
                + message.headers().getOrDefault("type", "?") + ')';
    }
}
