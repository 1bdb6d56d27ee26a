package com.example.shop.inventory;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

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

    /** Takes the units of an order from the stock; false if there are too few: then roll the transaction back. */
    public boolean take(UUID orderId, Map<String, Integer> quantities) {
        SortedMap<String, Integer> sorted = new TreeMap<>(quantities);
        for (Map.Entry<String, Integer> each : sorted.entrySet()) {
            int taken = database.update(
                    "UPDATE inventory.stock SET on_hand = on_hand - ? WHERE sku = ? AND on_hand - reserved >= ?",
                    each.getValue(),
                    each.getKey(),
                    each.getValue());
            if (taken == 0) {
                return false;
            }
        }
        database.update(
                "INSERT INTO inventory.reservation (order_id, state) VALUES (?, ?)",
                orderId,
                ReservationState.COMMITTED.name());
        database.batchUpdate(
                "INSERT INTO inventory.reservation_line (order_id, sku, quantity) VALUES (?, ?, ?)",
                sorted.entrySet().stream()
                        .map(each -> new Object[] {orderId, each.getKey(), each.getValue()})
                        .toList());
        return true;
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
