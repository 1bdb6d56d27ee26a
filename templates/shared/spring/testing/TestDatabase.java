package com.example.shop.chassis.database;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** An embedded database in memory, with the tables of some contexts, for one test. */
public final class TestDatabase {

    public final JdbcTemplate template;
    public final JdbcClient client;
    public final Transactions transactions;
    private final DatabaseAddress address;
    private final DriverManagerDataSource source;
    private final List<String> contexts;

    public TestDatabase(String... contexts) {
        this.address = DatabaseAddress.parse("jdbc:h2:mem:" + UUID.randomUUID()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;DB_CLOSE_DELAY=-1");
        this.source = new DriverManagerDataSource(address.getJdbcUrl());
        this.contexts = List.of(contexts);
        migrate();
        this.template = new JdbcTemplate(source);
        this.client = JdbcClient.create(template);
        this.transactions = new Transactions(new JdbcTransactionManager(source), 10);
    }

    /** Runs the migrations in SQL that have not run yet, and then these. */
    public void migrate(JavaMigration... inJava) {
        new Migrations(source, address, contexts, Stream.of(inJava)).run();
    }

    /** Returns the address, for programs that connect to it themselves. */
    public String url() {
        return address.url();
    }
}
