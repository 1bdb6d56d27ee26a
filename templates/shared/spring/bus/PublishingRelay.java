package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.messaging.Relay;

/**
 * Publishes the events of one outbox to one topic, in order per key.
 *
 * <p>Events wait in the outbox while the bus is unavailable. One that the bus refuses for good becomes a dead letter of
 * the outbox.
 */
class PublishingRelay extends Relay {

    private final String topic;
    private final Publisher publisher;

    PublishingRelay(
            Outbox outbox, JdbcTemplate database, Transactions transactions, String topic, Publisher publisher) {
        // Short, because placing an order takes several events in succession.
        super(outbox, database, transactions, List.of(), Duration.ofMillis(2));
        this.topic = topic;
        this.publisher = publisher;
    }

    @Override
    protected List<@Nullable RuntimeException> deliver(List<Event> events) {
        return publisher.publishAll(
                events.stream().map(event -> Envelope.message(event, topic)).toList());
    }
}
