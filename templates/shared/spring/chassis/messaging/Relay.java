package com.example.shop.chassis.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

import com.example.shop.chassis.BackgroundThread;
import com.example.shop.chassis.Clock;
import com.example.shop.chassis.database.Transactions;

/**
 * Delivers the events of one outbox, at least once and in order per key. Any number of relays, in any number of
 * processes, can share it.
 *
 * <p>A relay claims only the oldest pending event of each key, by moving its due time to the end of a lease. The next
 * event of that key therefore waits, and an event claimed by a crashed relay falls due again. Delivered events are
 * deleted. An event that fails {@link #MAX_ATTEMPTS} times becomes a dead letter: it is kept and listed, can be retried
 * by hand, and no longer holds up the later events of its key.
 */
public class Relay extends BackgroundThread {

    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int BATCH = 100;
    private static final int MAX_ATTEMPTS = 8;
    private static final Duration POLL = Duration.ofSeconds(1);
    // Until an event is delivered again whose handler waits for somebody else. Others are delivered meanwhile.
    private static final Duration WAIT = Duration.ofSeconds(5);
    // Events that are stored close together share the statements that claim and delete them.
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final RowMapper<Claimed> CLAIMED = (row, number) -> new Claimed(
            row.getLong(1),
            row.getInt(2),
            new Event(
                    row.getObject(3, UUID.class),
                    row.getString(4),
                    row.getInt(5),
                    row.getObject(6, LocalDateTime.class),
                    row.getString(7),
                    row.getString(8),
                    new String(row.getBytes(9), StandardCharsets.UTF_8)));

    private final JdbcTemplate database;
    private final Transactions transactions;
    private final List<EventHandler> handlers;
    private final Duration gather;
    private final String table;
    private final String due;
    private final String claim;
    private final String delete;
    private final String postpone;

    private record Claimed(long position, int attempts, Event event) {}

    /** Each of the handlers gets all events, and ignores those that are not meant for it. */
    public Relay(Outbox outbox, JdbcTemplate database, Transactions transactions, List<EventHandler> handlers) {
        this(outbox, database, transactions, handlers, GATHER);
    }

    /** With {@code gather}, the first event waits so long for others. */
    protected Relay(
            Outbox outbox,
            JdbcTemplate database,
            Transactions transactions,
            List<EventHandler> handlers,
            Duration gather) {
        super(Thread.ofVirtual().name("relay-" + outbox.table()), LEASE);
        this.database = database;
        this.transactions = transactions;
        this.handlers = handlers;
        this.gather = gather;
        this.table = outbox.table();
        this.due = """
                SELECT position, attempts, id, type, version, time, "key", traceparent, data FROM %s due
                WHERE dead_at IS NULL AND due_at <= ? AND NOT EXISTS (
                    SELECT 1 FROM %s older
                    WHERE older."key" = due."key" AND older.position < due.position AND older.dead_at IS NULL)
                ORDER BY position LIMIT %d FOR UPDATE SKIP LOCKED""".formatted(table, table, BATCH);
        this.claim = "UPDATE " + table + " SET due_at = ? WHERE position = ?";
        this.delete = "DELETE FROM " + table + " WHERE position = ?";
        this.postpone = "UPDATE " + table + " SET attempts = ?, due_at = ?, dead_at = ? WHERE position = ?";
        outbox.onCommit(this::wake);
    }

    @Override
    protected void work() throws InterruptedException {
        if (deliverDue() == 0 && awaitWake(POLL)) {
            Thread.sleep(gather);
        }
    }

    /** Delivers one batch and returns how many events it had. */
    int deliverDue() {
        List<Claimed> batch = claimDue();
        List<@Nullable RuntimeException> failures;
        try {
            failures = deliver(batch.stream().map(Claimed::event).toList());
        } catch (DeliveryUnavailable unavailable) {
            log.warn("The relay of {} is waiting: {}", table, unavailable.toString());
            transactions.run(() -> setDue(batch, Clock.now().plus(POLL)));
            return 0;
        }
        List<Object[]> done = new ArrayList<>();
        List<Claimed> waiting = new ArrayList<>();
        for (int at = 0; at < batch.size(); at++) {
            RuntimeException failure = failures.get(at);
            if (failure == null) {
                done.add(new Object[] {batch.get(at).position});
            } else if (failure instanceof DeliveryUnavailable) {
                waiting.add(batch.get(at));
            } else {
                postpone(batch.get(at), failure);
            }
        }
        if (!done.isEmpty()) {
            transactions.run(() -> database.batchUpdate(delete, done));
        }
        if (!waiting.isEmpty()) {
            log.warn("{} events of {} are waiting for a handler", waiting.size(), table);
            transactions.run(() -> setDue(waiting, Clock.now().plus(WAIT)));
        }
        return batch.size();
    }

    /**
     * Delivers the events, which all have different keys, to each of the handlers, also if another handler fails;
     * returns a failure or null for each event.
     *
     * <p>A relay that delivers elsewhere overrides this method, which may throw {@link DeliveryUnavailable}.
     */
    protected List<@Nullable RuntimeException> deliver(List<Event> events) {
        @Nullable RuntimeException[] failures = new RuntimeException[events.size()];
        for (EventHandler handler : handlers) {
            RuntimeException failed = failure(() -> handler.handleAll(events));
            for (int at = 0; failed != null && at < failures.length; at++) {
                Event event = events.get(at);
                // One of them failed; alone, it shows which.
                RuntimeException alone = failures.length == 1 ? failed : failure(() -> handler.handle(event));
                failures[at] = failures[at] == null ? alone : failures[at];
            }
        }
        return Arrays.asList(failures);
    }

    private static @Nullable RuntimeException failure(Runnable handling) {
        try {
            handling.run();
            return null;
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    private List<Claimed> claimDue() {
        LocalDateTime now = Clock.now();
        return transactions.run(() -> {
            List<Claimed> batch = database.query(due, CLAIMED, now);
            setDue(batch, now.plus(LEASE));
            return batch;
        });
    }

    private int[] setDue(List<Claimed> batch, LocalDateTime time) {
        return database.batchUpdate(
                claim,
                batch.stream().map(each -> new Object[] {time, each.position}).toList());
    }

    private void postpone(Claimed failed, RuntimeException failure) {
        int attempts = failed.attempts + 1;
        boolean dead = attempts >= MAX_ATTEMPTS;
        log.warn(
                "Event {} ({}) failed (attempt {} of {}){}",
                failed.event.id(),
                failed.event.type(),
                attempts,
                MAX_ATTEMPTS,
                dead ? "; it is now a dead letter" : "",
                failure);
        LocalDateTime now = Clock.now();
        Object[] change = {attempts, now.plus(Duration.ofMillis(500L << attempts)), dead ? now : null, failed.position};
        transactions.run(() -> database.update(postpone, change));
    }
}
