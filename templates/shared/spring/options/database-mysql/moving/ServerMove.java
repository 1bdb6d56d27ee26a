package com.example.shop.chassis.database;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** What moving tables requires of MySQL and MariaDB. */
final class ServerMove {

    /** Begins the connection to the source. Without checks of foreign keys, tables can be renamed together. */
    static final String SOURCE_SESSION = "SET SESSION lock_wait_timeout = 1, foreign_key_checks = 0";

    /** Begins the connection to the target. Without checks of foreign keys, rows can be added in any order of the tables. */
    static final String TARGET_SESSION = "SET SESSION foreign_key_checks = 0";

    static final String TRY_LOCK = "SELECT GET_LOCK('4115112098', 0) = 1";

    /** What an INSERT needs to store a number that the database would give. */
    static final String OWN_NUMBERS = "";

    private static final Map<String, List<String>> CHANGED =
            Map.of("INSERT", List.of("NEW."), "UPDATE", List.of("OLD.", "NEW."), "DELETE", List.of("OLD."));

    private ServerMove() {}

    /** Returns the statements that create a log of keys, with this prefix, unless it exists. */
    static List<String> createLog(MovingTable table, String prefix) {
        return List.of("CREATE TABLE IF NOT EXISTS " + table.named(prefix)
                + " (log_number bigint AUTO_INCREMENT PRIMARY KEY) SELECT " + MovingTable.list(table.keys(), "")
                + " FROM "
                + table.named("") + " LIMIT 0");
    }

    /** Returns the statements after which the keys of all changed rows are logged. */
    static List<String> logChanges(MovingTable table) {
        return CHANGED.entrySet().stream()
                .map(event -> "CREATE TRIGGER IF NOT EXISTS " + trigger(table, event.getKey()) + " AFTER "
                        + event.getKey()
                        + " ON " + table.named("") + " FOR EACH ROW INSERT INTO " + table.named(TablePlace.MOVED.log)
                        + " (" + MovingTable.list(table.keys(), "") + ") "
                        + event.getValue().stream()
                                .map(row -> "SELECT " + MovingTable.list(table.keys(), row))
                                .collect(Collectors.joining(" UNION ")))
                .toList();
    }

    /** Returns the statements that undo {@link #logChanges}. */
    static List<String> stopLogging(MovingTable table) {
        return CHANGED.keySet().stream()
                .map(event -> "DROP TRIGGER IF EXISTS " + trigger(table, event))
                .toList();
    }

    private static String trigger(MovingTable table, String event) {
        return MovingTable.quoted(table.schema())
                + '.'
                + MovingTable.quoted("log_" + table.name() + '_' + event.toLowerCase(Locale.ROOT));
    }

    /** Returns the statement that replaces the prefix of all tables, all or none. */
    static List<String> rename(List<MovingTable> tables, String old, String current) {
        return List.of(tables.stream()
                .map(each -> each.named(old) + " TO " + each.named(current))
                .collect(Collectors.joining(", ", "RENAME TABLE ", "")));
    }

    /** Returns no statements: the session does not check foreign keys. */
    static List<String> detach(JdbcTemplate target, MovingTable table) {
        return List.of();
    }

    /** Returns no statements: foreign keys were kept, and inserts have set the number of the next row. */
    static List<String> attach(JdbcTemplate source, MovingTable table) {
        return List.of();
    }

    /** Returns no statements: foreign keys were kept. */
    static List<String> validate(JdbcTemplate target, MovingTable table) {
        return List.of();
    }

    /** Returns the expression of a checksum of rows that does not depend on their order. */
    static String checksum(MovingTable table) {
        String values = table.columns().stream()
                .map(column -> "coalesce(hex(" + MovingTable.quoted(column) + "), '-')")
                .collect(Collectors.joining(", "));
        return "bit_xor(CAST(conv(left(sha1(concat_ws(',', " + values + ")), 16), 16, 10) AS unsigned))";
    }

    /** Returns the statement that drops a schema with its tables. */
    static String dropSchema(String schema) {
        return "DROP SCHEMA IF EXISTS " + MovingTable.quoted(schema);
    }
}
