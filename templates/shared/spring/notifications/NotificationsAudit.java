package com.example.shop.notifications;

import java.util.ArrayList;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;

/** What notifications contribute to the audit. */
@Component
class NotificationsAudit implements AuditSource {

    private final JdbcTemplate database;

    NotificationsAudit(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        database.query("SELECT order_id, about FROM notifications.message", row -> {
            snapshot.notified
                    .computeIfAbsent(row.getObject(1, UUID.class), order -> new ArrayList<>())
                    .add(row.getString(2));
        });
    }
}
