package com.example.shop.chassis.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

import com.example.shop.chassis.database.MovingTable.Condition;

/**
 * Compares the tables of the source with the arriving ones of the target: most rows while they are in use, and later
 * changes when they are closed.
 *
 * <p>Until {@link #compareInUse} has run, all rows are left for {@link #differences}: an interrupted move knows nothing.
 */
final class RowComparison {

    private static final int ATTEMPTS = 3;
    // How many batches of rows are compared at once.
    private static final int BATCHES = 10;
    private final MoveSide source;
    private final MoveSide target;
    private final RowCopy copy;
    private final int batch;
    private final Consumer<String> report;
    private final Map<MovingTable, List<Condition>> left = new LinkedHashMap<>();

    RowComparison(
            MoveSide source,
            MoveSide target,
            List<MovingTable> tables,
            RowCopy copy,
            int batch,
            Consumer<String> report) {
        this.source = source;
        this.target = target;
        this.copy = copy;
        this.batch = batch;
        this.report = report;
        tables.forEach(table -> left.put(table, List.of(Condition.ALWAYS)));
    }

    /** Compares ranges of rows; leaves those that change too often to be seen equal. */
    void compareInUse() {
        left.replaceAll((table, all) -> {
            // From here on, because a row that changes after it was compared has to be compared again.
            copy.noteChanges(table);
            List<Condition> ranges = ranges(table);
            List<Condition> different =
                    ranges.stream().filter(range -> !becomesEqual(table, range)).toList();
            report.accept("%s: %d of %d ranges of rows are equal"
                    .formatted(table, ranges.size() - different.size(), ranges.size()));
            return different;
        });
    }

    /** Compares what is left, and the rows that changed since; returns the tables that differ. */
    List<MovingTable> differences() {
        return left.keySet().stream().filter(table -> !isEqualNow(table)).toList();
    }

    private boolean isEqualNow(MovingTable table) {
        Stream<Condition> unequal = left.getOrDefault(table, List.of()).stream();
        return Stream.concat(unequal, table.haveKeys(copy.changed(table), batch))
                .allMatch(some -> isEqual(table, TablePlace.MOVED.prefix, some));
    }

    private List<Condition> ranges(MovingTable table) {
        List<Condition> ranges = new ArrayList<>();
        List<Object> start = null;
        for (List<Object> end = end(table, start); end != null; end = end(table, start)) {
            ranges.add(table.between(start, end));
            start = end;
        }
        ranges.add(table.between(start, null));
        return ranges;
    }

    private @Nullable List<Object> end(MovingTable table, @Nullable List<Object> start) {
        String keys = MovingTable.list(table.keys(), "");
        Condition behind = table.between(start, null);
        List<List<Object>> found = source.keys(
                table,
                "SELECT " + keys + " FROM " + table.named("") + " WHERE " + behind.sql() + " ORDER BY " + keys
                        + " LIMIT 1 OFFSET ?",
                behind.arguments(BATCHES * batch - 1));
        return found.isEmpty() ? null : found.getFirst();
    }

    private boolean becomesEqual(MovingTable table, Condition range) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (isEqual(table, "", range)) {
                return true;
            }
            copy.copyChanges("");
        }
        return false;
    }

    private boolean isEqual(MovingTable table, String prefix, Condition some) {
        return source.summary(table, prefix, some).equals(target.summary(table, TablePlace.ARRIVING.prefix, some));
    }
}
