package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.database.RetentionRule;
import com.example.shop.chassis.database.RetentionSettings;
import com.example.shop.chassis.messaging.Inbox;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.messaging.bus.Bus;
import com.example.shop.chassis.tracing.Traces;

/** The events of orders: those that they publish, and those that they handle. */
@Configuration(proxyBeanMethods = false)
class OrdersWiring {

    private static final String CONTEXT = "orders";
    private static final String SCHEMA = "orders_service";

    @Bean
    Outbox ordersOutbox(JdbcClient database, JsonMapper json, Traces traces) {
        return new Outbox(database, json, CONTEXT, traces);
    }

    @Bean
    Inbox ordersInbox(JdbcClient database) {
        return new Inbox(database, CONTEXT, SCHEMA);
    }

    @Bean
    RetentionRule ordersInboxRetention(Inbox ordersInbox, RetentionSettings keep) {
        return ordersInbox.retention(keep.inboxDays());
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle ordersRelay(Bus bus, Outbox ordersOutbox) {
        return bus.relay(ordersOutbox, CONTEXT);
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle ordersGroup(Bus bus, Inbox ordersInbox, OrderHandlers handlers) {
        return bus.join(CONTEXT, SCHEMA, bus.once(ordersInbox, OrderHandlers.TYPES, handlers));
    }
}
