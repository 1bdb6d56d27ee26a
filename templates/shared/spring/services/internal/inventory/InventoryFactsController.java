package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.transaction.PlatformTransactionManager;
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

    private final AuditSource inventoryAudit;
    private final OneMoment moment;

    InventoryFactsController(AuditSource inventoryAudit, PlatformTransactionManager transactions) {
        this.inventoryAudit = inventoryAudit;
        this.moment = new OneMoment(transactions);
    }

    @GetMapping("/internal/facts/inventory")
    InventoryFacts read() {
        AuditSnapshot snapshot = new AuditSnapshot();
        return moment.read(() -> {
            inventoryAudit.addTo(snapshot);
            return InventoryFacts.of(snapshot);
        });
    }
}
