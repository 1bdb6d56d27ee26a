package com.example.shop.chassis.database;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.migration.JavaMigration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import com.example.shop.chassis.startup.Command;
import com.example.shop.chassis.startup.StartupCheck;
import com.example.shop.chassis.startup.Wait;

/** The migrations of the program's contexts, each of which has its own schema and its own history. */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class Migrations implements Command, StartupCheck {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private final DataSource database;
    private final JdbcConnectionDetails address;
    private final Dialect dialect;
    private final List<String> contexts;
    private final List<JavaMigration> inJava;

    /** Each migration in Java stands in the package of its context. Those in SQL are files of the context. */
    public Migrations(
            DataSource database, JdbcConnectionDetails address, List<String> contexts, Stream<JavaMigration> inJava) {
        this.database = database;
        this.address = address;
        this.dialect = Dialect.of(address);
        this.contexts = contexts;
        this.inJava = inJava.toList();
    }

    /** Returns the schemas, which have the names of their contexts. */
    List<String> contexts() {
        return contexts;
    }

    @Override
    public String name() {
        return "migrate";
    }

    /** Brings all schemas up to date, once the database responds. */
    @Override
    public void run() {
        JdbcTemplate statements = new JdbcTemplate(database);
        Wait.until(Instant.now().plus(LONGEST_WAIT), "database", () -> statements.execute("SELECT 1"));
        if (!dialect.schemaOptions().isEmpty()) {
            contexts.forEach(context ->
                    statements.execute("CREATE SCHEMA IF NOT EXISTS \"" + context + "\" " + dialect.schemaOptions()));
        }
        migrations(withoutTimeLimits(address)).forEach(context -> {
            forgetFailures(context);
            context.migrate();
        });
    }

    /** Lets a migration that failed run again: without this, Flyway waits until somebody edits its history. */
    private void forgetFailures(Flyway context) {
        if (hasFailed(context.info())) {
            String schema = context.getConfiguration().getSchemas()[0];
            new JdbcTemplate(database)
                    .update("DELETE FROM \"" + schema + "\".\"flyway_schema_history\" WHERE \"success\" = FALSE");
        }
    }

    /** Returns connections that may wait and work for longer than those of requests. */
    static DataSource withoutTimeLimits(JdbcConnectionDetails address) {
        DriverManagerDataSource source = new DriverManagerDataSource(address.getJdbcUrl());
        source.setUsername(address.getUsername());
        source.setPassword(address.getPassword());
        return source;
    }

    @Override
    public String subject() {
        return "migrations";
    }

    /** Fails on a database that lacks migrations of this version; one that is ahead of it is accepted. */
    @Override
    public void check() {
        if (migrations(database).map(Flyway::info).anyMatch(state -> state.pending().length > 0 || hasFailed(state))) {
            throw new IllegalStateException("the command migrate has not yet applied those of this version");
        }
    }

    /** Returns whether a migration of this version failed, which is recorded where nothing undoes its changes. */
    private static boolean hasFailed(MigrationInfoService state) {
        return Stream.of(state.all()).anyMatch(each -> each.getState() == MigrationState.FAILED);
    }

    private Stream<Flyway> migrations(DataSource source) {
        return contexts.stream()
                .map(context -> Flyway.configure()
                        .dataSource(source)
                        .schemas(context)
                        .locations("classpath:db/" + context)
                        .javaMigrations(inJava(context))
                        // Those of a later version: it may have been here before a return to this one.
                        .ignoreMigrationPatterns("*:future", "repeatable:missing")
                        .placeholders(dialect.words())
                        .load());
    }

    private JavaMigration[] inJava(String context) {
        return inJava.stream()
                .filter(each -> each.getClass().getPackageName().endsWith('.' + context))
                .toArray(JavaMigration[]::new);
    }
}
