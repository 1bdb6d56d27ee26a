package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.audit.AuditSource;
import com.example.shop.chassis.database.RetentionRule;
import com.example.shop.chassis.database.RetentionSettings;
import com.example.shop.chassis.messaging.Inbox;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.messaging.bus.Bus;
import com.example.shop.chassis.tracing.Traces;

/** The events of payments: those that they publish, and those that they handle. */
@Configuration(proxyBeanMethods = false)
class PaymentsWiring {

    private static final String CONTEXT = "payments";
    private static final String SCHEMA = "payments_service";

    @Bean
    Outbox paymentsOutbox(JdbcClient database, JsonMapper json, Traces traces) {
        return new Outbox(database, json, SCHEMA, traces);
    }

    @Bean
    Inbox paymentsInbox(JdbcClient database) {
        return new Inbox(database, CONTEXT, SCHEMA);
    }

    @Bean
    RetentionRule paymentsInboxRetention(Inbox paymentsInbox, RetentionSettings keep) {
        return paymentsInbox.retention(keep.inboxDays());
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle paymentsRelay(Bus bus, Outbox paymentsOutbox) {
        return bus.relay(paymentsOutbox, CONTEXT);
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle paymentsGroup(Bus bus, Inbox paymentsInbox, PaymentHandlers handlers) {
        return bus.join(CONTEXT, SCHEMA, bus.once(paymentsInbox, PaymentHandlers.TYPES, handlers));
    }

    @Bean
    AuditSource paymentsOutboxAudit(Outbox paymentsOutbox) {
        return snapshot ->
                snapshot.waiting.put(CONTEXT, paymentsOutbox.backlog().waiting());
    }
}
