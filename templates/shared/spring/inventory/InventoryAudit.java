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
        database.query("SELECT sku, on_hand, reserved, supplied FROM inventory.stock", row -> {
            snapshot.stock.put(
                    row.getString(1), new AuditSnapshot.Stock(row.getLong(2), row.getLong(3), row.getLong(4)));
        });
        database.query("SELECT order_id, state FROM inventory.reservation", row -> {
            snapshot.reservations.put(row.getObject(1, UUID.class), row.getString(2));
        });
    }
}
