package com.example.shop.audit;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of the audit, for administrators; the edge never routes it. For tests and development only. */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class AuditController {

    private final List<AuditSource> sources;
    private final TransactionTemplate snapshot;

    AuditController(List<AuditSource> sources, PlatformTransactionManager transactions) {
        this.sources = sources;
        // One snapshot of all contexts, so the audit can run while the shop is busy.
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    @Bean
    static AccessRules auditRules() {
        return requests -> requests.requestMatchers("/internal/audit").hasRole(Caller.ADMIN);
    }

    @GetMapping("/internal/audit")
    AuditReport read() {
        AuditSnapshot taken = new AuditSnapshot();
        snapshot.executeWithoutResult(status -> sources.forEach(source -> source.addTo(taken)));
        return Invariants.check(taken);
    }
}
