package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.messaging.bus.Bus;
import com.example.shop.chassis.tracing.Traces;

/** The events of content, which only publishes. */
@Configuration(proxyBeanMethods = false)
class ContentWiring {

    private static final String CONTEXT = "content";
    private static final String SCHEMA = "content_service";

    @Bean
    Outbox contentOutbox(JdbcClient database, JsonMapper json, Traces traces) {
        return new Outbox(database, json, SCHEMA, traces);
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle contentRelay(Bus bus, Outbox contentOutbox) {
        return bus.relay(contentOutbox, CONTEXT);
    }
}
