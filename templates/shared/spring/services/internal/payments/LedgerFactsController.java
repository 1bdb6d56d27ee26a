package com.example.shop.app;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;
import com.example.shop.audit.LedgerFacts;
import com.example.shop.audit.OneMoment;

/** Serves the snapshot of payments to the audit. For tests and development only. */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class LedgerFactsController {

    private final List<AuditSource> sources;
    private final OneMoment moment;

    LedgerFactsController(List<AuditSource> sources, DataSourceTransactionManager transactions) {
        this.sources = sources;
        this.moment = new OneMoment(transactions);
    }

    @GetMapping("/internal/facts/payments")
    LedgerFacts read() {
        AuditSnapshot snapshot = new AuditSnapshot();
        return moment.read(() -> {
            sources.forEach(source -> source.addTo(snapshot));
            return LedgerFacts.of(snapshot);
        });
    }
}
