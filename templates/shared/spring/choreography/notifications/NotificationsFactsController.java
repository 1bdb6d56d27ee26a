package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;
import com.example.shop.audit.NotificationsFacts;
import com.example.shop.audit.OneMoment;

/** Serves the snapshot of notifications to the audit. For tests and development only. */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class NotificationsFactsController {

    private final AuditSource source;
    private final OneMoment moment;

    NotificationsFactsController(AuditSource source, PlatformTransactionManager transactions) {
        this.source = source;
        this.moment = new OneMoment(transactions);
    }

    @GetMapping("/internal/facts/notifications")
    NotificationsFacts read() {
        AuditSnapshot snapshot = new AuditSnapshot();
        return moment.read(() -> {
            source.addTo(snapshot);
            return NotificationsFacts.of(snapshot);
        });
    }
}
