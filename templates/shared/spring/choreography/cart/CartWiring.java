package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import com.example.shop.chassis.database.RetentionRule;
import com.example.shop.chassis.database.RetentionSettings;
import com.example.shop.chassis.messaging.Inbox;
import com.example.shop.chassis.messaging.bus.Bus;

/** The events that the cart handles. */
@Configuration(proxyBeanMethods = false)
class CartWiring {

    private static final String CONTEXT = "cart";
    private static final String SCHEMA = "cart_service";

    @Bean
    Inbox cartInbox(JdbcClient database) {
        return new Inbox(database, CONTEXT, SCHEMA);
    }

    @Bean
    RetentionRule cartInboxRetention(Inbox cartInbox, RetentionSettings keep) {
        return cartInbox.retention(keep.inboxDays());
    }

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle cartGroup(Bus bus, Inbox cartInbox, CartHandlers handlers) {
        return bus.join(CONTEXT, SCHEMA, bus.once(cartInbox, CartHandlers.TYPES, handlers));
    }
}
