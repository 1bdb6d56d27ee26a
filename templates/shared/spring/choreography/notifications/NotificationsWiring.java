package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.bus.Bus;

/** The events that notifications handle; they have an inbox of their own. */
@Configuration(proxyBeanMethods = false)
class NotificationsWiring {

    @Bean
    @ConditionalOnWebApplication
    SmartLifecycle notificationsGroup(Bus bus, EventHandler notifications) {
        return bus.join("notifications", "notifications_service", notifications);
    }
}
