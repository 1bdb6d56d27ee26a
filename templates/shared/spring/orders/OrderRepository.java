package com.example.shop.orders;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.RetentionRule;
import com.example.shop.chassis.database.RetentionSettings;
import com.example.shop.chassis.database.Statements;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.messaging.Outbox;

/** All orders, their events, and the responses to the requests that placed them. */
@Repository
public class OrderRepository {

    private static final Map<OrderState, String> EVENTS = Map.of(
            OrderState.PENDING, "OrderPlaced",
            OrderState.CONFIRMED, "OrderConfirmed",
            OrderState.REJECTED, "OrderRejected",
            OrderState.CANCELLED, "OrderCancelled");
    private static final Map<OrderState, OrderState> PREVIOUS = Map.of(
            OrderState.CONFIRMED, OrderState.PENDING,
            OrderState.REJECTED, OrderState.PENDING,
            OrderState.CANCELLED, OrderState.CONFIRMED);
    private static final String FIND = OrderRows.SELECT + """
             FROM orders."order" o JOIN orders.order_line line ON line.order_id = o.id
            WHERE o.id = ? ORDER BY line.position""";
    private final JdbcTemplate database;
    private final JsonMapper json;
    private final Outbox outbox;
    private final ApplicationEventPublisher listeners;

    OrderRepository(JdbcTemplate database, JsonMapper json, Outbox ordersOutbox, ApplicationEventPublisher listeners) {
        this.database = database;
        this.json = json;
        this.outbox = ordersOutbox;
        this.listeners = listeners;
    }

    @Bean
    static RetentionRule idempotencyRetention(RetentionSettings keep) {
        return RetentionRule.olderThan(
                keep.idempotencyDays(), "orders.idempotency", List.of("user_id", "\"key\""), "order_id");
    }

    /** By then, the items of the order have long left the cart, so that no other order finds them there. */
    @Bean
    static RetentionRule orderedCartItemRetention(RetentionSettings keep) {
        return RetentionRule.olderThan(
                keep.orderedCartItemsDays(),
                "orders.ordered_cart_item",
                List.of("user_id", "sku", "revision"),
                "order_id");
    }

    /**
     * Stores a new order, in any state, with its event and the response to the request, in the caller's transaction.
     *
     * <p>Throws a DuplicateKeyException if the request was already answered, or a cart item was already ordered.
     */
    public void add(OrderRecord added, OrderRequest request) {
        Statements statements = new Statements();
        add(statements, added, request);
        statements.run(database);
    }

    /** Adds the statements that store a new order, its event and the response to the request. */
    public void add(Statements statements, OrderRecord added, OrderRequest request) {
        Order order = added.order();
        statements
                .add(
                        """
                        INSERT INTO orders.idempotency (user_id, "key", fingerprint, order_id, body)
                        VALUES (?, ?, ?, ?, ?)""",
                        request.userId(),
                        request.key(),
                        request.fingerprint(),
                        order.id(),
                        json.writeValueAsBytes(order))
                .add(
                        """
                        INSERT INTO orders."order"
                        (id, user_id, from_cart, state, reason, total, currency, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        order.id(),
                        added.userId(),
                        added.fromCart(),
                        order.state().name(),
                        code(order.reason()),
                        order.total().amount(),
                        order.total().currency(),
                        order.createdAt(),
                        order.updatedAt());
        appendEvent(added, statements);
        addLines(order, statements);
        added.cartRevisions()
                .forEach((sku, revision) -> statements.add(
                        "INSERT INTO orders.ordered_cart_item (user_id, sku, revision, order_id) VALUES (?, ?, ?, ?)",
                        added.userId(),
                        sku,
                        revision,
                        order.id()));
    }

    /** Stores an order in its new state with its event; returns false if it is not in the state before (any longer). */
    public boolean change(OrderRecord changed) {
        Order order = changed.order();
        // The time of the confirmation stays only where an order was confirmed before.
        int updated = database.update(
                """
                UPDATE orders."order" SET confirmed_at = CASE WHEN state = 'CONFIRMED' THEN updated_at END,
                state = ?, reason = ?, updated_at = ? WHERE id = ? AND state = ?""",
                order.state().name(),
                code(order.reason()),
                order.updatedAt(),
                order.id(),
                PREVIOUS.getOrDefault(order.state(), order.state()).name());
        if (updated == 0) {
            return false;
        }
        Statements statements = new Statements();
        if (order.state() == OrderState.REJECTED) {
            // Another order may have them.
            statements.add("DELETE FROM orders.ordered_cart_item WHERE order_id = ?", order.id());
        }
        appendEvent(changed, statements);
        statements.run(database);
        return true;
    }

    /** Returns the user's order with that id, if it exists. */
    public Optional<OrderRecord> find(UUID userId, UUID orderId) {
        return database.query(FIND, OrderRows::read, orderId).stream()
                .filter(row -> row.userId().equals(userId))
                .findFirst()
                .map(row -> new OrderRecord(row.userId(), row.fromCart(), row.order(), cartRevisions(row.order())));
    }

    /** Returns the stored response, if any; throws 422 if the key was used for another request. */
    Optional<OrderResponse> response(OrderRequest request) {
        return database
                .query(
                        """
                        SELECT fingerprint, order_id, body FROM orders.idempotency
                        WHERE user_id = ? AND "key" = ?""",
                        (row, number) -> {
                            if (!row.getString(1).equals(request.fingerprint())) {
                                throw Problem.invalid(
                                        "idempotency-key-reused", "This key was already used for another request.");
                            }
                            return new OrderResponse(
                                    row.getObject(2, UUID.class),
                                    new String(row.getBytes(3), StandardCharsets.UTF_8),
                                    true);
                        },
                        request.userId(),
                        request.key())
                .stream()
                .findFirst();
    }

    /** Returns whether this revision of a cart item is ordered already. */
    boolean isOrdered(UUID userId, String sku, UUID revision) {
        return !database.queryForList(
                        "SELECT order_id FROM orders.ordered_cart_item WHERE user_id = ? AND sku = ? AND revision = ?",
                        userId,
                        sku,
                        revision)
                .isEmpty();
    }

    /** Returns up to so many of the user's orders with an id below {@code before}, newest first. */
    List<Order> newest(UUID userId, UUID before, int limit) {
        OrderFilter own = new OrderFilter(null, userId, null, null);
        return newestOfAll(own, before, limit).stream().map(OwnedOrder::order).toList();
    }

    /** Returns up to so many of the chosen orders of all users with an id below {@code before}, newest first. */
    List<OwnedOrder> newestOfAll(OrderFilter chosen, UUID before, int limit) {
        StringBuilder conditions = new StringBuilder("id < ?");
        List<Object> values = new ArrayList<>(List.of(before));
        if (chosen.state() != null) {
            conditions.append(" AND state = ?");
            values.add(chosen.state().name());
        }
        if (chosen.userId() != null) {
            conditions.append(" AND user_id = ?");
            values.add(chosen.userId());
        }
        // The id of an order tells when it was placed.
        if (chosen.placedFrom() != null) {
            conditions.append(" AND id >= ?");
            values.add(Ids.firstAt(chosen.placedFrom()));
        }
        if (chosen.placedBefore() != null) {
            conditions.append(" AND id < ?");
            values.add(Ids.firstAt(chosen.placedBefore()));
        }
        values.add(limit);
        String page = OrderRows.SELECT + " FROM (SELECT * FROM orders.\"order\" WHERE " + conditions
                + " ORDER BY id DESC LIMIT ?) o JOIN orders.order_line line ON line.order_id = o.id"
                + " ORDER BY o.id DESC, line.position";
        return database.query(page, OrderRows::read, values.toArray()).stream()
                .map(row -> new OwnedOrder(row.userId(), row.order()))
                .toList();
    }

    /** Returns the order of any user with that id, if it exists, and its history. */
    Optional<OrderDetails> details(UUID orderId) {
        return database.query(FIND, OrderRows::read, orderId).stream()
                .findFirst()
                .map(row -> OrderDetails.of(row.userId(), row.order(), row.confirmedAt()));
    }

    /** Returns the currency of the newest order, if there is one. */
    Optional<String> currency() {
        return database
                .queryForList("SELECT currency FROM orders.\"order\" ORDER BY id DESC LIMIT 1", String.class)
                .stream()
                .findFirst();
    }

    private Map<String, UUID> cartRevisions(Order order) {
        return database.query(
                "SELECT sku, revision FROM orders.ordered_cart_item WHERE order_id = ?",
                OrderRows::revisions,
                order.id());
    }

    private void appendEvent(OrderRecord reported, Statements statements) {
        Order order = reported.order();
        outbox.append(
                statements, EVENTS.getOrDefault(order.state(), ""), order.id().toString(), reported);
        listeners.publishEvent(new OrderChanged(order.state(), order.reason()));
    }

    private static void addLines(Order order, Statements statements) {
        int position = 0;
        for (Order.Line line : order.items()) {
            statements.add(
                    "INSERT INTO orders.order_line (order_id, position, sku, quantity, unit_price) VALUES (?, ?, ?, ?, ?)",
                    order.id(),
                    position++,
                    line.sku(),
                    line.quantity(),
                    line.unitPrice().amount());
        }
    }

    private static @Nullable String code(@Nullable RejectionReason reason) {
        return reason == null ? null : reason.code();
    }
}
