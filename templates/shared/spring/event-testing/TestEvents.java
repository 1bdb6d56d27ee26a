package com.example.shop.chassis.messaging;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.tracing.Traces;

/** Hands events to handlers as a consumer group does, and reads what they publish. */
public final class TestEvents {

    public final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    public final Outbox outbox;
    private final TestDatabase database;

    /** Publishes to the outbox in this schema. */
    public TestEvents(TestDatabase database, String schema) {
        this.database = database;
        this.outbox = new Outbox(database.client, json, schema, Traces.NONE);
    }

    /** Returns a handler that gets only events of these types, as from {@code Bus.once}. */
    public static EventHandler only(Set<String> types, EventHandler handler) {
        return event -> {
            if (types.contains(event.type())) {
                handler.handle(event);
            }
        };
    }

    /** Hands an event to the handler, in a transaction. */
    public void deliver(EventHandler handler, String type, int version, Object data) {
        Event event = new Event(Ids.next(), type, version, Clock.now(), "key", null, json.writeValueAsString(data));
        database.transactions.run(() -> {
            handler.handle(event);
            return event;
        });
    }

    /** Returns the types of the published events, oldest first. */
    public List<String> published() {
        return database.template.queryForList(
                "SELECT type FROM " + outbox.table() + " ORDER BY position", String.class);
    }

    /** Returns the data of the newest event. */
    public <T> T newest(Class<T> type) {
        return database.client
                .sql("SELECT data FROM " + outbox.table() + " ORDER BY position DESC LIMIT 1")
                .query((row, number) -> json.readValue(row.getBytes(1), type))
                .single();
    }
}
