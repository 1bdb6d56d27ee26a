package com.example.shop.app;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.audit.AuditReport;
import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;
import com.example.shop.audit.Facts;
import com.example.shop.audit.Invariants;
import com.example.shop.audit.OneMoment;
import com.example.shop.chassis.messaging.bus.BusAdministration;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/**
 * HTTP API of the audit, for administrators; the edge never routes it. For tests and development only.
 *
 * <p>The snapshots of the services are taken at different moments. So if any event is undelivered at the beginning or at
 * the end, no order is judged by the snapshots of other services.
 */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class OrderAuditController {

    private final List<AuditSource> sources;
    private final List<RemoteSource> others;
    private final BusAdministration bus;
    private final OneMoment moment;

    OrderAuditController(
            List<AuditSource> sources,
            ObjectProvider<RemoteSource> others,
            BusAdministration bus,
            DataSourceTransactionManager transactions) {
        this.sources = sources;
        this.others = others.stream().toList();
        this.bus = bus;
        this.moment = new OneMoment(transactions);
    }

    @Bean
    static AccessRules auditRules() {
        return requests -> requests.requestMatchers("/internal/audit").hasRole(Caller.ADMIN);
    }

    @GetMapping("/internal/audit")
    AuditReport read() {
        long undelivered = bus.undelivered();
        List<Facts> facts = others.stream().map(RemoteSource::read).toList();
        AuditSnapshot snapshot = new AuditSnapshot();
        moment.read(() -> {
            sources.forEach(source -> source.addTo(snapshot));
            return snapshot;
        });
        facts.forEach(each -> each.addTo(snapshot));
        if (undelivered + snapshot.undelivered() + bus.undelivered() > 0) {
            snapshot.inFlight.addAll(snapshot.orders.keySet());
        }
        return Invariants.check(snapshot);
    }
}
