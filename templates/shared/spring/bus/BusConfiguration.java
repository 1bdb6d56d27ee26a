package com.example.shop.chassis.messaging.bus;

import org.springframework.boot.ApplicationArguments;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.tracing.Traces;

/** The event bus. Nothing connects before its first use. */
@Configuration(proxyBeanMethods = false)
class BusConfiguration {

    @Bean
    BusConnection busConnection(BusSettings settings) {
        return new BusConnection(settings);
    }

    @Bean
    Publisher publisher(BusConnection connection) {
        return new Publisher(connection);
    }

    @Bean
    Bus bus(
            BusSettings settings,
            BusConnection connection,
            Publisher publisher,
            JdbcTemplate database,
            Transactions transactions,
            JsonMapper json,
            ApplicationEventPublisher listeners,
            Traces traces) {
        return new Bus(settings, connection, publisher, database, transactions, json, listeners, traces);
    }

    @Bean
    BusAdministration busAdministration(BusSettings settings) {
        return new BusAdministration(settings);
    }

    @Bean
    IdleWait idleWait(BusAdministration administration) {
        return new IdleWait(administration);
    }

    @Bean
    DeadLetters deadLettersOfTheBus(BusSettings settings, BusConnection connection, Publisher publisher) {
        return new DeadLetters(settings, connection, publisher);
    }

    @Bean
    DeadLettersCommand deadLettersCommand(DeadLetters deadLetters, ApplicationArguments arguments) {
        return new DeadLettersCommand(deadLetters, arguments);
    }
}
