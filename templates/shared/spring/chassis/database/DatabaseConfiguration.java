package com.example.shop.chassis.database;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import com.example.shop.chassis.http.HealthCheck;

/** The connections to the database. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean
    JdbcConnectionDetails jdbcConnectionDetails(@Value("${shop.database-url}") String address) {
        return DatabaseAddress.parse(address);
    }

    @Bean
    Retention retention(JdbcTemplate database, Transactions transactions, ObjectProvider<RetentionRule> rules) {
        return new Retention(database, transactions, rules.stream().toList());
    }

    @Bean
    HealthCheck databaseCheck(JdbcClient database) {
        return new HealthCheck() {
            @Override
            public String name() {
                return "database";
            }

            @Override
            public void run() {
                database.sql("SELECT 1").query(Integer.class).single();
            }
        };
    }
}
