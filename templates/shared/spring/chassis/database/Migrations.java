package com.example.shop.chassis.database;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import com.example.shop.chassis.startup.Command;
import com.example.shop.chassis.startup.StartupCheck;
import com.example.shop.chassis.startup.StartupRefused;

/** The migrations of the program's contexts, each of which has its own schema and its own history. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public class Migrations implements Command, StartupCheck {

    // The words in which the databases differ; ServerDialect has those of the database in production.
    private static final Map<String, String> H2 =
            Map.of("uuid", "uuid", "bytes", "varbinary(65535)", "by_code_point", "");
    private final DataSource database;
    private final Map<String, String> words;
    private final List<String> contexts;

    public Migrations(DataSource database, JdbcConnectionDetails address, List<String> contexts) {
        this.database = database;
        this.words = address.getJdbcUrl().startsWith("jdbc:h2:") ? H2 : ServerDialect.WORDS;
        this.contexts = contexts;
    }

    @Override
    public String name() {
        return "migrate";
    }

    /** Brings all schemas up to date. */
    @Override
    public void run() {
        contexts().forEach(Flyway::migrate);
    }

    /** Refuses to start on a database that lacks migrations of this version. */
    @Override
    public void check() {
        if (contexts().anyMatch(context -> context.info().pending().length > 0)) {
            throw new StartupRefused("The database is not up to date: run the command migrate first.");
        }
    }

    private Stream<Flyway> contexts() {
        return contexts.stream()
                .map(context -> Flyway.configure()
                        .dataSource(database)
                        .schemas(context)
                        .locations("classpath:db/" + context)
                        .placeholders(words)
                        .load());
    }
}
