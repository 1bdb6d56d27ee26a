package com.example.shop.inventory;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Transactions;

/**
 * The steps of reservations in a saga: reserve, commit or release, and restock, each in a transaction.
 *
 * <p>Steps are idempotent: a repeated step changes nothing and returns the same result, and a reservation that arrives
 * after its release is refused. A caller that does not know whether a step took effect therefore repeats it. Rows are
 * locked in the order of their keys, so that concurrent transactions do not deadlock.
 */
@Service
public class ReservationSteps {

    private static final Set<ReservationState> RESERVED = Set.of(ReservationState.HELD, ReservationState.COMMITTED);
    private static final String SHIP =
            "UPDATE inventory.stock SET on_hand = on_hand - ?, reserved = reserved - ? WHERE sku = ?";
    private static final String FREE = "UPDATE inventory.stock SET reserved = reserved - ? WHERE sku = ?";
    private final JdbcTemplate database;
    private final NamedParameterJdbcTemplate lists;
    private final Transactions transactions;
    private final Reservations reservations;

    ReservationSteps(JdbcTemplate database, Transactions transactions, Reservations reservations) {
        this.database = database;
        this.lists = new NamedParameterJdbcTemplate(database);
        this.transactions = transactions;
        this.reservations = reservations;
    }

    /**
     * Reserves the units of each order (quantities by SKU), all or none; returns the orders whose units are reserved.
     *
     * <p>A refusal is final. Orders that come first are served first.
     */
    public Set<UUID> reserve(Map<UUID, Map<String, Integer>> orders) {
        return transactions.runUntilUnique(() -> {
            Map<String, Long> free = lockStock(orders.values());
            // After the lock, which a concurrent repetition waits for.
            Map<UUID, ReservationState> states = states(orders.keySet(), "");
            orders.forEach((orderId, quantities) -> {
                if (!states.containsKey(orderId)) {
                    boolean enough = quantities.entrySet().stream()
                            .allMatch(each -> free.getOrDefault(each.getKey(), 0L) >= each.getValue());
                    states.put(orderId, enough ? ReservationState.HELD : ReservationState.REFUSED);
                    add(orderId, states.get(orderId));
                    if (enough) {
                        hold(orderId, quantities);
                        quantities.forEach((sku, units) -> free.merge(sku, (long) -units, Long::sum));
                    }
                }
            });
            Set<UUID> reserved = new HashSet<>(orders.keySet());
            reserved.removeIf(orderId -> !RESERVED.contains(states.get(orderId)));
            return reserved;
        });
    }

    /** Commits the reservations of paid orders: their units leave the stock. */
    public void commit(Collection<UUID> orderIds) {
        transactions.run(() -> {
            Map<String, Integer> units = move(orderIds, ReservationState.COMMITTED);
            return database.batchUpdate(
                    SHIP,
                    units.entrySet().stream()
                            .map(each -> new Object[] {each.getValue(), each.getValue(), each.getKey()})
                            .toList());
        });
    }

    /** Releases the units of a failed order, and refuses a reservation that arrives later. */
    public void release(UUID orderId) {
        transactions.runUntilUnique(() -> {
            if (states(List.of(orderId), "").isEmpty()) {
                add(orderId, ReservationState.RELEASED);
            }
            Map<String, Integer> units = move(List.of(orderId), ReservationState.RELEASED);
            return database.batchUpdate(
                    FREE,
                    units.entrySet().stream()
                            .map(each -> new Object[] {each.getValue(), each.getKey()})
                            .toList());
        });
    }

    /** Returns the units of a cancelled order to the stock. */
    public void restock(UUID orderId) {
        transactions.run(() -> {
            reservations.restock(orderId);
            return orderId;
        });
    }

    /** Locks the stock of all SKUs, and returns the free units of each that exists. */
    private Map<String, Long> lockStock(Collection<Map<String, Integer>> orders) {
        Set<String> skus = new TreeSet<>();
        orders.forEach(quantities -> skus.addAll(quantities.keySet()));
        Map<String, Long> free = new HashMap<>();
        lists.query(
                "SELECT sku, on_hand - reserved FROM inventory.stock WHERE sku IN (:skus) ORDER BY sku FOR UPDATE",
                Map.of("skus", skus),
                row -> {
                    free.put(row.getString(1), row.getLong(2));
                });
        return free;
    }

    private Map<UUID, ReservationState> states(Collection<UUID> orderIds, String lock) {
        Map<UUID, ReservationState> states = new TreeMap<>();
        lists.query(
                "SELECT order_id, state FROM inventory.reservation WHERE order_id IN (:ids) ORDER BY order_id" + lock,
                Map.of("ids", orderIds),
                row -> {
                    states.put(row.getObject(1, UUID.class), ReservationState.valueOf(row.getString(2)));
                });
        return states;
    }

    private void add(UUID orderId, ReservationState state) {
        database.update("INSERT INTO inventory.reservation (order_id, state) VALUES (?, ?)", orderId, state.name());
    }

    private void hold(UUID orderId, Map<String, Integer> quantities) {
        Map<String, Integer> sorted = new TreeMap<>(quantities);
        database.batchUpdate(
                "INSERT INTO inventory.reservation_line (order_id, sku, quantity) VALUES (?, ?, ?)",
                sorted.entrySet().stream()
                        .map(each -> new Object[] {orderId, each.getKey(), each.getValue()})
                        .toList());
        database.batchUpdate(
                "UPDATE inventory.stock SET reserved = reserved + ? WHERE sku = ?",
                sorted.entrySet().stream()
                        .map(each -> new Object[] {each.getValue(), each.getKey()})
                        .toList());
    }

    /** Moves held reservations to another state, once; returns their units by SKU. */
    private Map<String, Integer> move(Collection<UUID> orderIds, ReservationState target) {
        Map<UUID, ReservationState> held = states(orderIds, " FOR UPDATE");
        held.values().removeIf(state -> state != ReservationState.HELD);
        Map<String, Integer> units = new TreeMap<>();
        for (UUID orderId : held.keySet()) {
            database.update("UPDATE inventory.reservation SET state = ? WHERE order_id = ?", target.name(), orderId);
            database.query(
                    "SELECT sku, quantity FROM inventory.reservation_line WHERE order_id = ?",
                    row -> {
                        units.merge(row.getString(1), row.getInt(2), Integer::sum);
                    },
                    orderId);
        }
        return units;
    }
}
