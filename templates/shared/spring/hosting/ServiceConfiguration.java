package com.example.shop.chassis.database;

import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database of a service has the schemas of its own contexts. */
@Configuration(proxyBeanMethods = false)
class ServiceConfiguration {

    @Bean
    Migrations migrations(
            DataSource database,
            JdbcConnectionDetails address,
            @Value("${shop.contexts}") List<String> contexts,
            ObjectProvider<JavaMigration> inJava) {
        return new Migrations(database, address, contexts, inJava.stream());
    }
}
