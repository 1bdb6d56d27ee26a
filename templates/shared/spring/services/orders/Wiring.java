package com.example.shop.app;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.messaging.Relay;
import com.example.shop.chassis.tracing.Traces;

/** The events of orders: their outbox, and who gets them. */
@Configuration(proxyBeanMethods = false)
class Wiring {

    @Bean
    Outbox ordersOutbox(JdbcClient database, JsonMapper json, Traces traces) {
        return new Outbox(database, json, "orders", traces);
    }

    @Bean
    @ConditionalOnWebApplication
    Relay ordersRelay(
            Outbox ordersOutbox, JdbcTemplate database, Transactions transactions, List<EventHandler> handlers) {
        return new Relay(ordersOutbox, database, transactions, handlers);
    }
}
