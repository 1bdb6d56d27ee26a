package com.example.shop.app;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;
import com.example.shop.audit.InventoryFacts;
import com.example.shop.audit.OneMoment;

/** Serves the snapshot of inventory to the audit. For tests and development only. */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class InventoryFactsController {

    private final List<AuditSource> sources;
    private final OneMoment moment;

    InventoryFactsController(List<AuditSource> sources, DataSourceTransactionManager transactions) {
        this.sources = sources;
        this.moment = new OneMoment(transactions);
    }

    @GetMapping("/internal/facts/inventory")
    InventoryFacts read() {
        AuditSnapshot snapshot = new AuditSnapshot();
        return moment.read(() -> {
            sources.forEach(source -> source.addTo(snapshot));
            return InventoryFacts.of(snapshot);
        });
    }
}
