package com.example.shop.chassis.database;

import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Statements that change rows, one after another in the caller's transaction.
 *
 * <p>Some drivers send several of them in one round trip. Others get one at a time, and those with the same text as a
 * batch.
 */
public final class Statements {

    // Each sequence of texts is prepared separately, so it has a limit. An order of three products has as many.
    private static final int TOGETHER = 16;
    private final List<Statement> statements = new ArrayList<>();

    private record Statement(
            String sql,
            List<@Nullable Object> values,
            @Nullable Supplier<? extends RuntimeException> failure) {}

    /** Adds a statement with its values. */
    public Statements add(String sql, @Nullable Object... values) {
        statements.add(new Statement(sql, Arrays.asList(values), null));
        return this;
    }

    /**
     * Adds an update of one row: if it changes none, {@link #run} throws the failure.
     *
     * <p>By then, later statements may have run. The failure rolls them back with the transaction.
     */
    public Statements addGuarded(Supplier<? extends RuntimeException> failure, String sql, @Nullable Object... values) {
        statements.add(new Statement(sql, Arrays.asList(values), failure));
        return this;
    }

    /** Runs the statements. */
    public void run(JdbcTemplate database) {
        boolean together = Boolean.TRUE.equals(database.execute(ServerDialect::takesSeveral));
        for (int start = 0; start < statements.size(); ) {
            int end = together ? Math.min(start + TOGETHER, statements.size()) : endOfBatch(start);
            List<Statement> part = statements.subList(start, end);
            int[] changed = together ? together(database, part) : batch(database, part);
            for (int at = 0; at < changed.length; at++) {
                Supplier<? extends RuntimeException> failure = part.get(at).failure;
                if (failure != null && changed[at] != 1) {
                    throw failure.get();
                }
            }
            start = end;
        }
    }

    private int endOfBatch(int start) {
        int end = start + 1;
        while (end < statements.size() && statements.get(end).sql.equals(statements.get(start).sql)) {
            end++;
        }
        return end;
    }

    private static int[] batch(JdbcTemplate database, List<Statement> same) {
        return database.batchUpdate(
                same.getFirst().sql,
                same.stream().map(each -> each.values.toArray()).toList());
    }

    private static int[] together(JdbcTemplate database, List<Statement> part) {
        String sql = part.stream().map(Statement::sql).collect(Collectors.joining(";\n"));
        Object[] values = part.stream().flatMap(each -> each.values.stream()).toArray();
        return Objects.requireNonNull(database.execute(sql, (PreparedStatement statement) -> {
            new ArgumentPreparedStatementSetter(values).setValues(statement);
            statement.execute();
            int[] counts = new int[part.size()];
            for (int at = 0; at < counts.length; at++) {
                counts[at] = statement.getUpdateCount();
                statement.getMoreResults();
            }
            return counts;
        }));
    }
}
