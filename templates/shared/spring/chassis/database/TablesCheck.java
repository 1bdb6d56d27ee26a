package com.example.shop.chassis.database;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.HealthCheck;
import com.example.shop.chassis.startup.StartupCheck;

/** Checks that no table of the program's contexts moves to or from another database. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class TablesCheck implements HealthCheck, StartupCheck {

    private static final String TABLES = "tables";
    private final JdbcTemplate database;
    private final List<String> contexts;

    TablesCheck(@Qualifier("probe") JdbcTemplate database, Migrations migrations) {
        this.database = database;
        this.contexts = migrations.contexts();
    }

    @Override
    public String name() {
        return TABLES;
    }

    @Override
    public String subject() {
        return TABLES;
    }

    @Override
    public void run() {
        List<String> moving = names(database, contexts).entrySet().stream()
                .flatMap(schema -> moving(schema.getKey(), schema.getValue()))
                .sorted()
                .toList();
        if (!moving.isEmpty()) {
            throw new IllegalStateException(
                    "these tables move to or from another database: " + String.join(", ", moving));
        }
    }

    @Override
    public void check() {
        run();
    }

    private static Stream<String> moving(String schema, Set<String> names) {
        return names.stream()
                .filter(name -> TablePlace.of(name, names) != TablePlace.IN_USE)
                .map(name -> schema + '.' + name);
    }

    /** Returns the names of the tables by schema. This takes no lock, unlike a statement with the tables. */
    static Map<String, Set<String>> names(JdbcTemplate database, List<String> schemas) {
        if (schemas.isEmpty()) {
            return Map.of();
        }
        String found = "SELECT table_schema, table_name FROM information_schema.tables"
                + " WHERE table_type = 'BASE TABLE' AND table_schema IN ("
                + String.join(", ", Collections.nCopies(schemas.size(), "?")) + ')';
        return database
                .query(found, (row, number) -> Map.entry(row.getString(1), row.getString(2)), schemas.toArray())
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet())));
    }
}
