package com.example.shop.audit;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of the audit, for administrators; the edge never routes it. For tests and development only. */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class AuditController {

    private final List<AuditSource> sources;
    private final OneMoment moment;

    AuditController(List<AuditSource> sources, DataSourceTransactionManager transactions) {
        this.sources = sources;
        this.moment = new OneMoment(transactions);
    }

    @Bean
    static AccessRules auditRules() {
        return requests -> requests.requestMatchers("/internal/audit").hasRole(Caller.ADMIN);
    }

    @GetMapping("/internal/audit")
    AuditReport read() {
        AuditSnapshot taken = new AuditSnapshot();
        return moment.read(() -> {
            sources.forEach(source -> source.addTo(taken));
            return Invariants.check(taken);
        });
    }
}
