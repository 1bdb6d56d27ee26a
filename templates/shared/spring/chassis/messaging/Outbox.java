package com.example.shop.chassis.messaging;

import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.Statements;
import com.example.shop.chassis.tracing.Traces;

/** The transactional outbox of one context: an event is stored in the same transaction as the change that it reports. */
public class Outbox {

    private final JdbcClient database;
    private final JsonMapper json;
    private final Traces traces;
    private final String schema;
    private final String table;
    private final String insert;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** An event that could not be delivered. */
    public record DeadLetter(UUID id, String type) {}

    /** How many events wait for delivery, the time of the oldest, and those that could not be delivered. */
    public record Backlog(long waiting, @Nullable LocalDateTime oldest, List<DeadLetter> dead) {}

    /** Returns the outbox in the schema of the context. */
    public Outbox(JdbcClient database, JsonMapper json, String schema, Traces traces) {
        this.database = database;
        this.json = json;
        this.traces = traces;
        this.schema = schema;
        this.table = schema + ".outbox";
        this.insert = "INSERT INTO " + table + """
                 (id, type, version, time, "key", traceparent, data, attempts, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)""";
    }

    /** Returns the schema of the context. */
    public String schema() {
        return schema;
    }

    /** Returns the table with its schema. */
    String table() {
        return table;
    }

    /** Calls the listener after each commit in this process that added events. */
    void onCommit(Runnable listener) {
        listeners.add(listener);
    }

    /** Adds an event to the current transaction; it is published if that commits. */
    public void append(String type, String key, Object data) {
        append(type, 1, key, data);
    }

    /** Adds an event of another version of its type. */
    public void append(String type, int version, String key, Object data) {
        database.sql(insert).params(row(type, version, key, data)).update();
        notifyAfterCommit();
    }

    /** Adds an event to statements, which run in the current transaction. */
    public void append(Statements statements, String type, String key, Object data) {
        statements.add(insert, row(type, 1, key, data));
        notifyAfterCommit();
    }

    private Object[] row(String type, int version, String key, Object data) {
        LocalDateTime now = Clock.now();
        String traceparent = traces.traceparent("send " + type);
        return new Object[] {Ids.next(), type, version, now, key, traceparent, json.writeValueAsBytes(data), now};
    }

    private void notifyAfterCommit() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                listeners.forEach(Runnable::run);
            }
        });
    }

    /** Counts the events that wait, and lists the dead letters, oldest first. */
    public Backlog backlog() {
        Backlog waiting = database.sql("SELECT COUNT(*), MIN(time) FROM " + table + " WHERE dead_at IS NULL")
                .query((row, number) -> new Backlog(row.getLong(1), row.getObject(2, LocalDateTime.class), List.of()))
                .single();
        List<DeadLetter> dead = database.sql(
                        "SELECT id, type FROM " + table + " WHERE dead_at IS NOT NULL ORDER BY position")
                .query((row, number) -> new DeadLetter(row.getObject(1, UUID.class), row.getString(2)))
                .list();
        return new Backlog(waiting.waiting, waiting.oldest, dead);
    }

    /** Schedules a dead letter for delivery; returns false if there is none with that id. */
    public boolean redrive(UUID eventId) {
        return database.sql("UPDATE " + table
                                + " SET dead_at = NULL, attempts = 0 WHERE id = ? AND dead_at IS NOT NULL")
                        .param(eventId)
                        .update()
                == 1;
    }
}
