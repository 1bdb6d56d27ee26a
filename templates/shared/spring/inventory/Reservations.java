package com.example.shop.inventory;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Statements;

/**
 * Reservations of units for orders. Each step runs in the caller's transaction.
 *
 * <p>Rows of the stock are changed in the order of their SKUs, so that concurrent transactions do not deadlock.
 */
@Service
public class Reservations {

    private final JdbcTemplate database;

    Reservations(JdbcTemplate database) {
        this.database = database;
    }

    /** Adds the statements that take the units of an order from the stock, and fail if there are too few. */
    public void take(
            Statements statements,
            UUID orderId,
            Map<String, Integer> quantities,
            Supplier<? extends RuntimeException> failure) {
        SortedMap<String, Integer> sorted = new TreeMap<>(quantities);
        sorted.forEach((sku, units) -> statements.addGuarded(
                failure,
                "UPDATE inventory.stock SET on_hand = on_hand - ? WHERE sku = ? AND on_hand - reserved >= ?",
                units,
                sku,
                units));
        statements.add(
                "INSERT INTO inventory.reservation (order_id, state) VALUES (?, ?)",
                orderId,
                ReservationState.COMMITTED.name());
        sorted.forEach((sku, units) -> statements.add(
                "INSERT INTO inventory.reservation_line (order_id, sku, quantity) VALUES (?, ?, ?)",
                orderId,
                sku,
                units));
    }

    /** Returns the units of a cancelled order to the stock, once. */
    public void restock(UUID orderId) {
        int moved = database.update(
                "UPDATE inventory.reservation SET state = ? WHERE order_id = ? AND state = ?",
                ReservationState.RESTOCKED.name(),
                orderId,
                ReservationState.COMMITTED.name());
        if (moved == 0) {
            return;
        }
        List<Object[]> lines = database.query(
                "SELECT quantity, sku FROM inventory.reservation_line WHERE order_id = ? ORDER BY sku",
                (row, number) -> new Object[] {row.getInt(1), row.getString(2)},
                orderId);
        database.batchUpdate("UPDATE inventory.stock SET on_hand = on_hand + ? WHERE sku = ?", lines);
    }
}
