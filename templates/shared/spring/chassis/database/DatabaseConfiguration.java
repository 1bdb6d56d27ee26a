package com.example.shop.chassis.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
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

    /** The connections of requests. Migrations have their own, because these have time limits. */
    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(JdbcConnectionDetails address) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(address.getJdbcUrl());
        pool.setUsername(address.getUsername());
        pool.setPassword(address.getPassword());
        if (Dialect.of(address) != Dialect.H2) {
            pool.setConnectionInitSql(ServerDialect.SESSION);
            pool.addDataSourceProperty("socketTimeout", ServerDialect.SOCKET_TIMEOUT);
        }
        return pool;
    }

    /** The connection of health checks, apart from the pool: a busy pool is no reason to send requests elsewhere. */
    @Bean(defaultCandidate = false)
    HikariDataSource probeConnection(HikariDataSource dataSource) {
        HikariDataSource connection = new HikariDataSource();
        dataSource.copyStateTo(connection);
        connection.setPoolName("probe");
        connection.setMaximumPoolSize(1);
        return connection;
    }

    @Bean(defaultCandidate = false)
    JdbcTemplate probe(@Qualifier("probeConnection") HikariDataSource connection) {
        return new JdbcTemplate(connection);
    }

    @Bean
    Retention retention(JdbcTemplate database, Transactions transactions, ObjectProvider<RetentionRule> rules) {
        return new Retention(database, transactions, rules.stream().toList());
    }

    /**
     * A time limit of a lock or a statement is a failure that passes, and so is a table that moves; Spring does not know
     * all of these errors.
     */
    @Bean
    SQLExceptionTranslator sqlExceptionTranslator() {
        SQLExceptionSubclassTranslator translator = new SQLExceptionSubclassTranslator();
        translator.setCustomTranslator((task, sql, failure) -> translated(failure));
        return translator;
    }

    private static @Nullable DataAccessException translated(SQLException failure) {
        if (ServerDialect.isTimeout(failure)) {
            return new QueryTimeoutException("A lock was held, or a statement ran, for too long", failure);
        }
        return ServerDialect.lacksTable(failure) ? new TableMissing(failure) : null;
    }
}
