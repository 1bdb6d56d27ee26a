package com.example.shop.chassis.messaging.bus;

import org.springframework.boot.ApplicationArguments;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.tracing.Traces;

/** The event bus. Nothing connects before its first use. */
@Configuration(proxyBeanMethods = false)
class BusConfiguration {

    @Bean
    Publisher publisher(BusSettings settings) {
        return new Publisher(settings);
    }

    @Bean
    Bus bus(
            BusSettings settings,
            Publisher publisher,
            JdbcTemplate database,
            Transactions transactions,
            ApplicationEventPublisher listeners,
            Traces traces) {
        return new Bus(settings, publisher, database, transactions, listeners, traces);
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
    DeadLetters deadLettersOfTheBus(BusSettings settings, Publisher publisher) {
        return new DeadLetters(settings, publisher);
    }

    @Bean
    DeadLettersCommand deadLettersCommand(DeadLetters deadLetters, ApplicationArguments arguments) {
        return new DeadLettersCommand(deadLetters, arguments);
    }
}
