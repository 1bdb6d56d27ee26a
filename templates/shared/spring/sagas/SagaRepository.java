package com.example.shop.sagas;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.tracing.Traces;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderRepository;
import com.example.shop.orders.RejectionReason;

/**
 * Open sagas. An ended saga is deleted; the order and its events record the outcome.
 *
 * <p>Every change checks the claim in the same statement, so a worker that was suspended for longer than its lease
 * cannot decide anything.
 */
@Repository
public class SagaRepository {

    // How long a claim is exclusive. Longer than a run, so that a run ends before its lease.
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final int MAX_DOUBLINGS = 6;
    private static final int MAX_ERROR_LENGTH = 500;
    private static final RowMapper<Saga> SAGA = (row, number) -> new Saga(
            row.getObject("order_id", UUID.class),
            row.getObject("user_id", UUID.class),
            Stage.valueOf(row.getString("stage")),
            RejectionReason.of(row.getString("reason")),
            row.getObject("deadline", LocalDateTime.class),
            row.getInt("attempts"),
            row.getObject("claim", UUID.class),
            row.getString("traceparent"));
    private final JdbcTemplate database;
    private final Transactions transactions;
    private final OrderRepository orders;
    private final Duration patience;
    private final Traces traces;

    SagaRepository(
            JdbcTemplate database,
            Transactions transactions,
            OrderRepository orders,
            SagaSettings settings,
            Traces traces) {
        this.database = database;
        this.transactions = transactions;
        this.orders = orders;
        this.patience = settings.patience();
        this.traces = traces;
    }

    /** Returns a new saga for the order, claimed by the caller; it is not stored yet. */
    Saga open(OrderRecord order, Stage stage) {
        LocalDateTime deadline = Clock.now().plus(patience);
        String traceparent = traces.traceparent("open saga");
        return new Saga(order.order().id(), order.userId(), stage, null, deadline, 0, Ids.next(), traceparent);
    }

    /**
     * Stores a saga in the caller's transaction: for the caller if it is claimed, due immediately otherwise.
     *
     * <p>Throws a DuplicateKeyException if the order has one already.
     */
    void add(Saga saga, boolean claimed) {
        LocalDateTime now = Clock.now();
        database.update(
                """
                INSERT INTO sagas.saga (order_id, user_id, stage, deadline, attempts, claim, due_at, traceparent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                saga.orderId(),
                saga.userId(),
                saga.stage().name(),
                saga.deadline(),
                saga.attempts(),
                saga.claim(),
                claimed ? now.plus(LEASE) : now,
                saga.traceparent());
    }

    /** Claims up to so many due sagas that no worker has claimed, the longest overdue first. */
    List<Saga> claimDue(int limit) {
        LocalDateTime now = Clock.now();
        UUID claim = Ids.next();
        return transactions.run(() -> {
            List<Saga> due = database.query(
                    "SELECT * FROM sagas.saga WHERE due_at <= ? ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED",
                    SAGA,
                    now,
                    limit);
            database.batchUpdate(
                    "UPDATE sagas.saga SET claim = ?, due_at = ? WHERE order_id = ?",
                    due.stream()
                            .map(saga -> new Object[] {claim, now.plus(LEASE), saga.orderId()})
                            .toList());
            return due.stream().map(saga -> saga.claimedWith(claim)).toList();
        });
    }

    /** Stores a decision before it is acted on; throws {@link LeaseLost}. */
    Saga decide(Saga saga, Stage stage, @Nullable RejectionReason reason) {
        update(
                "UPDATE sagas.saga SET stage = ?, reason = ? WHERE order_id = ? AND claim = ?",
                stage.name(),
                reason == null ? null : reason.code(),
                saga.orderId(),
                saga.claim());
        return new Saga(
                saga.orderId(),
                saga.userId(),
                stage,
                reason,
                saga.deadline(),
                saga.attempts(),
                saga.claim(),
                saga.traceparent());
    }

    /** Stores the order in its final state and deletes the saga, both or neither; throws {@link LeaseLost}. */
    void end(Saga saga, OrderRecord ended) {
        transactions.run(() -> {
            update("DELETE FROM sagas.saga WHERE order_id = ? AND claim = ?", saga.orderId(), saga.claim());
            // No effect on an order in this state already: it was cancelled twice in succession.
            return orders.change(ended);
        });
    }

    /**
     * Records a failed run and makes the saga due after a pause, which it returns; throws {@link LeaseLost}.
     *
     * <p>The pause is random, so that sagas that failed together are not retried together.
     */
    Duration postpone(Saga saga, RuntimeException failure) {
        Duration longest = FIRST_PAUSE.multipliedBy(1L << Math.min(saga.attempts(), MAX_DOUBLINGS));
        long bound = Math.min(longest.toMillis(), MAX_PAUSE.toMillis());
        Duration pause = Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound));
        String error = failure.toString();
        update(
                "UPDATE sagas.saga SET attempts = ?, obstacle = ?, due_at = ? WHERE order_id = ? AND claim = ?",
                saga.attempts() + 1,
                error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH)),
                Clock.now().plus(pause),
                saga.orderId(),
                saga.claim());
        return pause;
    }

    /** Makes the saga due immediately, for any worker; throws {@link LeaseLost}. */
    void release(Saga saga) {
        update(
                "UPDATE sagas.saga SET due_at = ? WHERE order_id = ? AND claim = ?",
                Clock.now(),
                saga.orderId(),
                saga.claim());
    }

    /** Returns the order of the saga. */
    OrderRecord order(Saga saga) {
        return orders.find(saga.userId(), saga.orderId()).orElseThrow();
    }

    /** Returns the ids of all orders in flight. */
    public Set<UUID> openOrders() {
        return new HashSet<>(database.queryForList("SELECT order_id FROM sagas.saga", UUID.class));
    }

    /** Returns the sagas past their deadline, oldest first. */
    List<OverdueSaga> overdue() {
        return database.query(
                "SELECT * FROM sagas.saga WHERE deadline < ? ORDER BY deadline",
                (row, number) -> {
                    Saga saga = Objects.requireNonNull(SAGA.mapRow(row, number));
                    return new OverdueSaga(
                            saga.orderId(), saga.stage(), saga.deadline(), saga.attempts(), row.getString("obstacle"));
                },
                Clock.now());
    }

    private void update(String sql, @Nullable Object... values) {
        if (database.update(sql, values) == 0) {
            throw new LeaseLost();
        }
    }
}
