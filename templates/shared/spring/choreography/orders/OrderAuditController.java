package com.example.shop.app;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.audit.AuditReport;
import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;
import com.example.shop.audit.Invariants;
import com.example.shop.audit.InventoryFacts;
import com.example.shop.audit.LedgerFacts;
import com.example.shop.audit.NotificationsFacts;
import com.example.shop.audit.OneMoment;
import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
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

    // Snapshots grow with the number of orders and can take long to send.
    private static final ServiceClient.Limits LIMITS =
            new ServiceClient.Limits(Duration.ofSeconds(60), Duration.ofSeconds(30));
    private final List<AuditSource> sources;
    private final OneMoment moment;
    private final BusAdministration bus;
    private final ServiceClient inventory;
    private final ServiceClient payments;
    private final ServiceClient notifications;

    OrderAuditController(
            List<AuditSource> sources,
            PlatformTransactionManager transactions,
            BusAdministration bus,
            ServiceClients clients) {
        this.sources = sources;
        this.moment = new OneMoment(transactions);
        this.bus = bus;
        this.inventory = clients.to("inventory", LIMITS);
        this.payments = clients.to("payments", LIMITS);
        this.notifications = clients.to("notifications", LIMITS);
    }

    @Bean
    static AccessRules auditRules() {
        return requests -> requests.requestMatchers("/internal/audit").hasRole(Caller.ADMIN);
    }

    @GetMapping("/internal/audit")
    AuditReport read() {
        long undelivered = bus.undelivered();
        InventoryFacts stock = inventory.get("/internal/facts/inventory", InventoryFacts.class);
        LedgerFacts ledger = payments.get("/internal/facts/payments", LedgerFacts.class);
        NotificationsFacts told = notifications.get("/internal/facts/notifications", NotificationsFacts.class);
        AuditSnapshot snapshot = new AuditSnapshot();
        moment.read(() -> {
            sources.forEach(source -> source.addTo(snapshot));
            return snapshot;
        });
        stock.addTo(snapshot);
        ledger.addTo(snapshot);
        told.addTo(snapshot);
        if (undelivered + snapshot.waiting + bus.undelivered() > 0) {
            snapshot.inFlight.addAll(snapshot.orders.keySet());
        }
        return Invariants.check(snapshot);
    }
}
