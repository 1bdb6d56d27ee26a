package com.example.shop.chassis.database;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.HealthCheck;
import com.example.shop.chassis.startup.StartupCheck;

/** Checks that the database responds. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseCheck implements HealthCheck, StartupCheck {

    private static final String DATABASE = "database";
    private final JdbcTemplate database;

    DatabaseCheck(@Qualifier("probe") JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public String name() {
        return DATABASE;
    }

    @Override
    public void run() {
        database.execute("SELECT 1");
    }

    @Override
    public String subject() {
        return DATABASE;
    }

    @Override
    public void check() {
        run();
    }
}
