package com.example.shop.chassis.database;

import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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

    // Each sequence of texts is prepared separately, so it has a limit.
    private static final int TOGETHER = 8;
    private final List<Statement> statements = new ArrayList<>();

    private record Statement(String sql, List<@Nullable Object> values) {}

    /** Adds a statement with its values. */
    public Statements add(String sql, @Nullable Object... values) {
        statements.add(new Statement(sql, Arrays.asList(values)));
        return this;
    }

    /** Runs the statements, and returns how many rows each has changed. Some drivers do not count inserted rows. */
    public int[] run(JdbcTemplate database) {
        boolean together = Boolean.TRUE.equals(database.execute(ServerDialect::takesSeveral));
        int[] changed = new int[statements.size()];
        for (int start = 0; start < statements.size(); ) {
            int end = together ? Math.min(start + TOGETHER, statements.size()) : endOfBatch(start);
            List<Statement> part = statements.subList(start, end);
            int[] counts = together ? together(database, part) : batch(database, part);
            System.arraycopy(counts, 0, changed, start, counts.length);
            start = end;
        }
        return changed;
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
