package com.example.shop.chassis.database;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What moving tables requires of PostgreSQL. */
final class ServerMove {

    /** Begins the connection to the source: shorter than deadlock_timeout, so that no transaction of the shop is ended. */
    static final String SOURCE_SESSION = "SET lock_timeout = '500ms'";

    /** Begins the connection to the target: only an autovacuum has locks there, and the server ends it in time. */
    static final String TARGET_SESSION = "SET lock_timeout = 0";

    static final String TRY_LOCK = "SELECT pg_try_advisory_lock(4115112098)";

    /** What an INSERT needs to store a number that the database would give. */
    static final String OWN_NUMBERS = " OVERRIDING SYSTEM VALUE";

    private static final String TRIGGER = "log_changes";

    private ServerMove() {}

    /** Returns the statements that create a log of keys, with this prefix, unless it exists. */
    static List<String> createLog(MovingTable table, String prefix) {
        String log = table.named(prefix);
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + log + " AS SELECT " + MovingTable.list(table.keys(), "") + " FROM "
                        + table.named("") + " WITH NO DATA",
                "ALTER TABLE " + log
                        + " ADD COLUMN IF NOT EXISTS log_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY");
    }

    /** Returns the statements after which the keys of all changed rows are logged. */
    static List<String> logChanges(MovingTable table) {
        String insert = "INSERT INTO " + table.named(TablePlace.MOVED.log) + " (" + MovingTable.list(table.keys(), "")
                + ") SELECT ";
        String before = MovingTable.list(table.keys(), "OLD.");
        String after = MovingTable.list(table.keys(), "NEW.");
        return List.of("""
                CREATE OR REPLACE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'INSERT' THEN %2$s %4$s;
                    ELSIF TG_OP = 'DELETE' THEN %2$s %3$s;
                    ELSE %2$s %3$s UNION SELECT %4$s;
                    END IF;
                    RETURN NULL;
                END $$""".formatted(function(table), insert, before, after), """
                CREATE OR REPLACE TRIGGER %s AFTER INSERT OR UPDATE OR DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION %s()""".formatted(
                        TRIGGER, table.named(""), function(table)));
    }

    /** Returns the statements that undo {@link #logChanges}. */
    static List<String> stopLogging(MovingTable table) {
        return List.of("DROP FUNCTION IF EXISTS " + function(table) + "() CASCADE");
    }

    private static String function(MovingTable table) {
        return table.named("log_");
    }

    /** Returns the statements that replace the prefix of all tables in one transaction. */
    static List<String> rename(List<MovingTable> tables, String old, String current) {
        String locked = tables.stream().map(each -> each.named(old)).collect(Collectors.joining(", "));
        return Stream.concat(
                        Stream.of("LOCK TABLE " + locked + " IN ACCESS EXCLUSIVE MODE"),
                        tables.stream()
                                .map(each -> "ALTER TABLE " + each.named(old) + " RENAME TO "
                                        + MovingTable.quoted(current + each.name())))
                .toList();
    }

    /** Returns the statements after which rows can be added in any order of the tables. */
    static List<String> detach(JdbcTemplate target, MovingTable table) {
        return ofConstraints(target, table, "contype = 'f'", "DROP CONSTRAINT");
    }

    /** Returns the statements after which the table of the target checks and numbers new rows, like that of the source. */
    static List<String> attach(JdbcTemplate source, MovingTable table) {
        String left = table.named(TablePlace.MOVED.prefix);
        List<String> keys = source.query(
                """
                SELECT c.conname, regexp_replace(
                    pg_get_constraintdef(c.oid), ' REFERENCES [^(]+',
                    ' REFERENCES ' || quote_ident(n.nspname) || '.' || quote_ident(regexp_replace(r.relname, '^moved_', '')))
                FROM pg_constraint c
                JOIN pg_class r ON r.oid = c.confrelid
                JOIN pg_namespace n ON n.oid = r.relnamespace
                WHERE c.contype = 'f' AND c.conrelid = CAST(? AS regclass)""",
                (row, number) -> "ALTER TABLE " + table.named("") + " ADD CONSTRAINT "
                        + MovingTable.quoted(row.getString(1)) + ' ' + row.getString(2) + " NOT VALID",
                left);
        List<String> numbers = source
                .queryForList(
                        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(? AS regclass) AND attnum > 0"
                                + " AND NOT attisdropped AND pg_get_serial_sequence(?, attname) IS NOT NULL",
                        String.class,
                        left,
                        left)
                .stream()
                .map(column -> "SELECT setval(pg_get_serial_sequence('%1$s', '%2$s'), (SELECT max(\"%2$s\") FROM %1$s))"
                        .formatted(table.named(""), column))
                .toList();
        return Stream.concat(keys.stream(), numbers.stream()).toList();
    }

    /** Returns the statements after which the table is as its migrations left it, while programs use it. */
    static List<String> validate(JdbcTemplate target, MovingTable table) {
        return ofConstraints(target, table, "NOT convalidated", "VALIDATE CONSTRAINT");
    }

    /** Returns the statements that do something with each constraint of which the condition is true. */
    private static List<String> ofConstraints(
            JdbcTemplate database, MovingTable table, String condition, String change) {
        return database
                .queryForList(
                        "SELECT conname FROM pg_constraint WHERE " + condition + " AND conrelid = CAST(? AS regclass)",
                        String.class,
                        table.named(""))
                .stream()
                .map(key -> "ALTER TABLE " + table.named("") + ' ' + change + ' ' + MovingTable.quoted(key))
                .toList();
    }

    /** Returns the expression of a checksum of rows that does not depend on their order. */
    static String checksum(MovingTable table) {
        return "coalesce(sum(hashtextextended(CAST(ROW(" + MovingTable.list(table.columns(), "")
                + ") AS text), 0)), 0)";
    }

    /** Returns the statement that drops a schema with its tables. */
    static String dropSchema(String schema) {
        return "DROP SCHEMA IF EXISTS " + MovingTable.quoted(schema) + " CASCADE";
    }
}
