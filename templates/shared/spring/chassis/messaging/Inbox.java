package com.example.shop.chassis.messaging;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.database.RetentionRule;

/** The inbox of one consumer: an event that arrives twice is handled once. The table belongs to the consumer's schema. */
public class Inbox {

    private final JdbcClient database;
    private final String consumer;
    private final String table;

    public Inbox(JdbcClient database, String consumer) {
        this(database, consumer, consumer);
    }

    /** Returns the inbox of a consumer whose table is in another schema than that of its context. */
    public Inbox(JdbcClient database, String consumer, String schema) {
        this.database = database;
        this.consumer = consumer;
        this.table = schema + ".inbox";
    }

    /**
     * Records the event; returns false if it was already recorded.
     *
     * <p>Call it in the transaction that handles the event, so that both happen or neither does. If the event is being
     * handled concurrently, the primary key makes this transaction fail.
     */
    public boolean firstTime(UUID eventId) {
        boolean seen = database.sql("SELECT COUNT(*) FROM " + table + " WHERE consumer = ? AND event_id = ?")
                        .params(consumer, eventId)
                        .query(Long.class)
                        .single()
                > 0;
        if (!seen) {
            database.sql("INSERT INTO " + table + " (consumer, event_id, handled_at) VALUES (?, ?, ?)")
                    .params(consumer, eventId, Clock.now())
                    .update();
        }
        return !seen;
    }

    /** Returns the rule that keeps events for so many days. Keep them longer than a broker keeps its events. */
    public RetentionRule retention(int days) {
        return RetentionRule.olderThan(days, table, List.of("consumer", "event_id"), "event_id");
    }
}
