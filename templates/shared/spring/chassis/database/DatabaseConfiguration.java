package com.example.shop.chassis.database;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

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

    /** A time limit of a lock or a statement is a failure that passes; Spring does not know all of these errors. */
    @Bean
    SQLExceptionTranslator sqlExceptionTranslator() {
        SQLExceptionSubclassTranslator translator = new SQLExceptionSubclassTranslator();
        translator.setCustomTranslator((task, sql, failure) -> ServerDialect.isTimeout(failure)
                ? new QueryTimeoutException("A lock was held, or a statement ran, for too long", failure)
                : null);
        return translator;
    }
}
