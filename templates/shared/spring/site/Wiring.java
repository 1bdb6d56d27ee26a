package com.example.shop.app;

import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import com.example.shop.chassis.database.Migrations;
import com.example.shop.chassis.startup.WarmUp;

/** The wiring of the program; its contexts need nothing of each other. */
@Configuration(proxyBeanMethods = false)
class Wiring {

    @Bean
    Migrations migrations(DataSource database, JdbcConnectionDetails address, ObjectProvider<JavaMigration> inJava) {
        return new Migrations(database, address, Schemas.all(), inJava.stream());
    }

    @Bean
    @ConditionalOnWebApplication
    WarmUp warmUp(Environment environment) {
        return new WarmUp(environment, List.of("/v1/me", "/v1/nothing"));
    }
}
