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

/** The events of inventory: those that it publishes, and those that it handles. */
@Configuration(proxyBeanMethods = false)
class InventoryWiring {

    private static final String CONTEXT = "inventory";
    private static final String SCHEMA = "inventory_service";

    @Bean
    Outbox inventoryOutbox(JdbcClient database, JsonMapper json, Traces traces) {
        return new Outbox(database, json, SCHEMA, traces);
    }

    @Bean
    Inbox inventoryInbox(JdbcClient database) {
        return new Inbox(database, CONTEXT, SCHEMA);
    }

    @Bean
    RetentionRule inventoryInboxRetention(Inbox inventoryInbox, RetentionSettings keep) {
        return inventoryInbox.retention(keep.inboxDays());
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle inventoryRelay(Bus bus, Outbox inventoryOutbox) {
        return bus.relay(inventoryOutbox, CONTEXT);
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle inventoryGroup(Bus bus, Inbox inventoryInbox, InventoryHandlers handlers) {
        return bus.join(CONTEXT, SCHEMA, bus.once(inventoryInbox, InventoryHandlers.TYPES, handlers));
    }

    @Bean
    AuditSource inventoryOutboxAudit(Outbox inventoryOutbox) {
        return snapshot ->
                snapshot.waiting.put(CONTEXT, inventoryOutbox.backlog().waiting());
    }
}
