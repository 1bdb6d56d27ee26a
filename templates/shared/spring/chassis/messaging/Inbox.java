package com.example.shop.chassis.messaging;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    /** Records the event; returns false if it was already recorded. */
    public boolean firstTime(UUID eventId) {
        return !firstTimes(List.of(eventId)).isEmpty();
    }

    /**
     * Records the events; returns those that were not recorded yet.
     *
     * <p>Call it in the transaction that handles the events, so that both happen or neither does. If one of them is
     * being handled concurrently, the primary key makes this transaction fail.
     */
    public Set<UUID> firstTimes(Collection<UUID> eventIds) {
        // Sorted, so that concurrent transactions with the same events do not deadlock.
        Set<UUID> added = new TreeSet<>(eventIds);
        database.sql("SELECT event_id FROM " + table + " WHERE consumer = :consumer AND event_id IN (:ids)")
                .param("consumer", consumer)
                .param("ids", eventIds)
                .query(UUID.class)
                .list()
                .forEach(added::remove);
        if (!added.isEmpty()) {
            insert(added);
        }
        return added;
    }

    private void insert(Set<UUID> eventIds) {
        LocalDateTime now = Clock.now();
        List<Object> values = new ArrayList<>();
        eventIds.forEach(each -> values.addAll(List.of(consumer, each, now)));
        String rows = String.join(", ", Collections.nCopies(eventIds.size(), "(?, ?, ?)"));
        database.sql("INSERT INTO " + table + " (consumer, event_id, handled_at) VALUES " + rows)
                .params(values)
                .update();
    }

    /** Removes events that this transaction has recorded, because they could not be handled. */
    public void remove(Collection<UUID> eventIds) {
        if (!eventIds.isEmpty()) {
            database.sql("DELETE FROM " + table + " WHERE consumer = :consumer AND event_id IN (:ids)")
                    .param("consumer", consumer)
                    .param("ids", eventIds)
                    .update();
        }
    }

    /** Returns the rule that keeps events for so many days. Keep them longer than a broker keeps its events. */
    public RetentionRule retention(int days) {
        return RetentionRule.olderThan(days, table, List.of("consumer", "event_id"), "event_id");
    }
}
