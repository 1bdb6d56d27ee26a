package com.example.shop.chassis.database;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** A table that moves, and conditions for some of its rows. */
record MovingTable(String schema, String name, List<String> columns, List<String> keys) {

    /** A condition in SQL with its values. */
    record Condition(String sql, List<Object> values) {

        static final Condition ALWAYS = new Condition("TRUE", List.of());

        Condition and(Condition other) {
            List<Object> all = new ArrayList<>(values);
            all.addAll(other.values);
            return new Condition(sql + " AND " + other.sql, all);
        }

        /** Returns the values as arguments of a statement, which has more of them. */
        Object[] arguments(Object... more) {
            return Stream.concat(values.stream(), Arrays.stream(more)).toArray();
        }
    }

    /** Returns the table as it is in a database, where it has this place. */
    static MovingTable find(JdbcTemplate database, String schema, String name, TablePlace place) {
        String found = place.prefix + name;
        List<String> columns = database.queryForList(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?"
                        + " ORDER BY ordinal_position",
                String.class,
                schema,
                found);
        List<String> keys = database.queryForList(
                "SELECT k.column_name FROM information_schema.key_column_usage k"
                        + " JOIN information_schema.table_constraints c ON c.table_schema = k.table_schema"
                        + " AND c.table_name = k.table_name AND c.constraint_name = k.constraint_name"
                        + " WHERE c.constraint_type = 'PRIMARY KEY' AND k.table_schema = ? AND k.table_name = ?"
                        + " ORDER BY k.ordinal_position",
                String.class,
                schema,
                found);
        if (keys.isEmpty()) {
            throw new MoveRefused("The table " + schema + '.' + name + " has no primary key. Add one.");
        }
        return new MovingTable(schema, name, columns, keys);
    }

    @Override
    public String toString() {
        return schema + '.' + name;
    }

    /** Returns the name of the table, or of a log of it, with this prefix. */
    String named(String prefix) {
        return quoted(schema) + '.' + quoted(prefix + name);
    }

    /** Returns the names of columns, each with a prefix such as {@code OLD.}. */
    static String list(Collection<String> columns, String prefix) {
        return columns.stream().map(each -> prefix + quoted(each)).collect(Collectors.joining(", "));
    }

    static String quoted(String name) {
        return '"' + name + '"';
    }

    /** Returns so many placeholders in parentheses. */
    static String placeholders(int number) {
        return '(' + String.join(", ", Collections.nCopies(number, "?")) + ')';
    }

    /** Returns the primary key of a row with all columns. */
    List<Object> key(@Nullable Object[] row) {
        return keys.stream()
                .map(each -> Objects.requireNonNull(row[columns.indexOf(each)]))
                .toList();
    }

    /** Returns the condition that a row has the primary key in the parameters. */
    String hasKey() {
        return keys.stream().map(each -> quoted(each) + " = ?").collect(Collectors.joining(" AND "));
    }

    /** Returns the conditions that a row has one of the primary keys, each with some of them. */
    Stream<Condition> haveKeys(List<List<Object>> wanted, int most) {
        return IntStream.iterate(0, start -> start < wanted.size(), start -> start + most)
                .mapToObj(start -> wanted.subList(start, Math.min(start + most, wanted.size())))
                .map(part -> new Condition(
                        '(' + list(keys, "") + ") IN ("
                                + String.join(", ", Collections.nCopies(part.size(), placeholders(keys.size()))) + ')',
                        part.stream().flatMap(List::stream).toList()));
    }

    /** Returns the condition that a row follows the primary key {@code last}, but not {@code end}. */
    Condition between(@Nullable List<Object> last, @Nullable List<Object> end) {
        // Not every database finds the limits in the index without a condition of the first column.
        String first = quoted(keys.getFirst());
        Condition limits = Condition.ALWAYS;
        if (last != null) {
            limits = new Condition(first + " >= ?", List.of(last.getFirst())).and(follows(last));
        }
        if (end != null) {
            Condition follows = follows(end);
            limits = limits.and(new Condition(first + " <= ?", List.of(end.getFirst())))
                    .and(new Condition("NOT " + follows.sql, follows.values));
        }
        return limits;
    }

    private Condition follows(List<Object> last) {
        List<String> alternatives = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        String equal = "";
        for (int at = 0; at < keys.size(); at++) {
            String column = quoted(keys.get(at));
            alternatives.add(equal + column + " > ?");
            values.addAll(last.subList(0, at + 1));
            equal += column + " = ? AND ";
        }
        return new Condition('(' + String.join(" OR ", alternatives) + ')', values);
    }
}
