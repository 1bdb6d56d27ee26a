package com.example.shop.chassis.messaging.bus;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Blocked keys: while an event is in the retry topics, later events of its key wait behind it.
 *
 * <p>An event is identified by its topic and offset when it was first published. The table is in the schema of the
 * consumer, next to its inbox.
 */
class BlockedKeys {

    private static final int MAX_LENGTH = 100;
    private final JdbcClient database;
    private final String consumer;
    private final String table;

    BlockedKeys(JdbcClient database, String consumer, String schema) {
        this.database = database;
        this.consumer = consumer;
        this.table = schema + ".held";
    }

    /** Returns the offsets of blocked events by topic and key. */
    Map<Delivery.Queue, Set<Long>> find(Collection<String> keys) {
        Map<String, String> stored =
                keys.stream().collect(Collectors.toMap(BlockedKeys::stored, Function.identity(), (one, other) -> one));
        Map<Delivery.Queue, Set<Long>> blocked = new HashMap<>();
        database.sql("SELECT topic, \"key\", position FROM " + table
                        + " WHERE consumer = :consumer AND \"key\" IN (:keys)")
                .param("consumer", consumer)
                .param("keys", stored.keySet())
                .query(row -> {
                    String key = stored.get(row.getString(2));
                    // A database may take a trailing space for none.
                    if (key != null) {
                        blocked.computeIfAbsent(new Delivery.Queue(row.getString(1), key), queue -> new TreeSet<>())
                                .add(row.getLong(3));
                    }
                });
        return blocked;
    }

    /** Marks the event as blocked, unless it already is. In the caller's transaction. */
    void add(Delivery delivery) {
        boolean known = !database.sql("SELECT position FROM " + table
                        + " WHERE consumer = ? AND topic = ? AND \"key\" = ? AND position = ?")
                .params(consumer, delivery.topic(), stored(delivery.message().key()), delivery.position())
                .query(Long.class)
                .list()
                .isEmpty();
        if (!known) {
            database.sql("INSERT INTO " + table + " (consumer, topic, \"key\", position) VALUES (?, ?, ?, ?)")
                    .params(
                            consumer,
                            delivery.topic(),
                            stored(delivery.message().key()),
                            delivery.position())
                    .update();
        }
    }

    /** Unblocks the event. In the caller's transaction. */
    void remove(Delivery delivery) {
        database.sql("DELETE FROM " + table + " WHERE consumer = ? AND topic = ? AND \"key\" = ? AND position = ?")
                .params(consumer, delivery.topic(), stored(delivery.message().key()), delivery.position())
                .update();
    }

    /** Returns the key as the column can hold it; another program may have published any text. */
    private static String stored(String key) {
        return key.length() <= MAX_LENGTH && key.indexOf('\0') < 0
                ? key
                : UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
