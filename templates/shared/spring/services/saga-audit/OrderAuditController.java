package com.example.shop.app;

import java.util.List;
import java.util.Set;
import java.util.UUID;
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
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;
import com.example.shop.sagas.SagaRepository;

/**
 * HTTP API of the audit, for administrators; the edge never routes it. For tests and development only.
 *
 * <p>The snapshots of the services are taken at different moments. Orders are therefore read before and after the
 * others, and orders that were in flight at either moment, or changed in between, are not judged.
 */
@RestController
@ConditionalOnBooleanProperty("shop.audit-enabled")
class OrderAuditController {

    private final List<AuditSource> sources;
    private final List<RemoteSource> others;
    private final SagaRepository sagas;
    private final OneMoment moment;

    OrderAuditController(
            List<AuditSource> sources,
            ObjectProvider<RemoteSource> others,
            SagaRepository sagas,
            DataSourceTransactionManager transactions) {
        this.sources = sources;
        this.others = others.stream().toList();
        this.sagas = sagas;
        this.moment = new OneMoment(transactions);
    }

    @Bean
    static AccessRules auditRules() {
        return requests -> requests.requestMatchers("/internal/audit").hasRole(Caller.ADMIN);
    }

    @GetMapping("/internal/audit")
    AuditReport read() {
        AuditSnapshot before = new AuditSnapshot();
        Set<UUID> inFlight = take(before);
        List<Facts> facts = others.stream().map(RemoteSource::read).toList();
        AuditSnapshot after = new AuditSnapshot();
        inFlight.addAll(take(after));
        after.orders.forEach((orderId, order) -> {
            if (!order.equals(before.orders.get(orderId))) {
                inFlight.add(orderId);
            }
        });
        after.inFlight.addAll(inFlight);
        facts.forEach(each -> each.addTo(after));
        return Invariants.check(after);
    }

    /** Adds the service's own data to the snapshot; returns the orders in flight at the same moment. */
    private Set<UUID> take(AuditSnapshot snapshot) {
        return moment.read(() -> {
            sources.forEach(source -> source.addTo(snapshot));
            return sagas.openOrders();
        });
    }
}
