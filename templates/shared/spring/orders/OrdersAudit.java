package com.example.shop.orders;

import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;
import com.example.shop.chassis.messaging.Outbox;

/** What orders contribute to the audit. */
@Component
class OrdersAudit implements AuditSource {

    private final JdbcTemplate database;
    private final Outbox outbox;

    OrdersAudit(JdbcTemplate database, Outbox ordersOutbox) {
        this.database = database;
        this.outbox = ordersOutbox;
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        database.query("SELECT id, user_id, state, total FROM orders.\"order\"", row -> {
            snapshot.orders.put(
                    row.getObject(1, UUID.class),
                    new AuditSnapshot.Order(row.getObject(2, UUID.class), row.getString(3), row.getLong(4)));
        });
        database.query("""
                SELECT line.sku, SUM(line.quantity) FROM orders.order_line line
                JOIN orders."order" o ON o.id = line.order_id WHERE o.state = 'CONFIRMED' GROUP BY line.sku""", row -> {
            snapshot.sold.put(row.getString(1), row.getLong(2));
        });
        database.query("SELECT order_id, user_id FROM orders.idempotency", row -> {
            snapshot.responses.add(
                    new AuditSnapshot.Response(row.getObject(1, UUID.class), row.getObject(2, UUID.class)));
        });
        Outbox.Backlog backlog = outbox.backlog();
        snapshot.waiting.put("orders", backlog.waiting());
        backlog.dead().forEach(event -> snapshot.dead.add(event.type() + ' ' + event.id()));
    }
}
