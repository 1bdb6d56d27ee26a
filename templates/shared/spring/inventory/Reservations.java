package com.example.shop.inventory;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
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

    /** Takes the units of an order from the stock; false if there are too few: then roll the transaction back. */
    public boolean take(UUID orderId, Map<String, Integer> quantities) {
        SortedMap<String, Integer> sorted = new TreeMap<>(quantities);
        Statements statements = new Statements();
        sorted.forEach((sku, units) -> statements.add(
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
        int[] changed = statements.run(database);
        return Arrays.stream(changed, 0, sorted.size()).allMatch(rows -> rows == 1);
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
