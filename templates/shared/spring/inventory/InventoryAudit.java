package com.example.shop.inventory;

import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;

/** What inventory contributes to the audit. */
@Component
class InventoryAudit implements AuditSource {

    private final JdbcTemplate database;

    InventoryAudit(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        database.query("""
                SELECT stock.sku, stock.on_hand, stock.reserved, COALESCE(held.units, 0), stock.supplied
                FROM inventory.stock stock LEFT JOIN (
                    SELECT line.sku, SUM(line.quantity) AS units FROM inventory.reservation_line line
                    JOIN inventory.reservation reservation ON reservation.order_id = line.order_id
                    WHERE reservation.state = 'HELD' GROUP BY line.sku) held ON held.sku = stock.sku""", row -> {
            snapshot.stock.put(
                    row.getString(1),
                    new AuditSnapshot.Stock(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)));
        });
        database.query("SELECT order_id, state FROM inventory.reservation", row -> {
            snapshot.reservations.put(row.getObject(1, UUID.class), row.getString(2));
        });
    }
}
