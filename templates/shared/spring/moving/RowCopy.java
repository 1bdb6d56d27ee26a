package com.example.shop.chassis.database;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

import com.example.shop.chassis.database.MovingTable.Condition;

/** Copies rows from the tables of the source to the arriving ones of the target. */
final class RowCopy {

    private static final int ATTEMPTS = 20;
    private final MoveSide source;
    private final MoveSide target;
    private final List<MovingTable> tables;
    private final int batch;
    private final Map<MovingTable, Set<List<Object>>> applied = new HashMap<>();

    private record Change(List<Object> key, long number) {}

    RowCopy(MoveSide source, MoveSide target, List<MovingTable> tables, int batch) {
        this.source = source;
        this.target = target;
        this.tables = tables;
        this.batch = batch;
    }

    /** Notes the keys of the table's changes that are copied from now on. */
    void noteChanges(MovingTable table) {
        applied.put(table, new HashSet<>());
    }

    /** Returns the keys that were noted. */
    List<List<Object>> changed(MovingTable table) {
        return List.copyOf(applied.getOrDefault(table, Set.of()));
    }

    /** Copies all rows in the order of their keys; resumes behind the rows that an earlier run has copied. */
    void copyAll() {
        for (MovingTable table : tables) {
            List<Object> last = progress(table);
            do {
                last = copyBatch(table, last);
            } while (last != null);
        }
    }

    /** Copies the rows with logged changes until less than a batch is left. */
    void catchUp() {
        int copied;
        do {
            copied = copyChanges("");
        } while (copied >= batch);
    }

    /**
     * Copies the rows with logged changes, at most a batch of each table; returns the number of changes.
     *
     * @param prefix that of the tables in the source
     */
    int copyChanges(String prefix) {
        return tables.stream().mapToInt(table -> copyChanges(table, prefix)).sum();
    }

    /** Copies the rows behind the key, and returns the last key, or null if there are no rows. */
    private @Nullable List<Object> copyBatch(MovingTable table, @Nullable List<Object> last) {
        Condition behind = table.between(last, null);
        for (int attempt = 1; ; attempt++) {
            List<@Nullable Object[]> rows = source.rows(table, "", behind, batch);
            if (rows.isEmpty()) {
                return null;
            }
            List<Object> copied = table.key(rows.getLast());
            try {
                replace(table, rows.stream().map(table::key).toList(), rows, copied);
                return copied;
            } catch (DataIntegrityViolationException taken) {
                // A copied row may have had, in the meantime, a unique value that a row of this batch has now.
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
                copyChanges("");
            }
        }
    }

    private int copyChanges(MovingTable table, String prefix) {
        String log = table.named(TablePlace.MOVED.log);
        String oldest = "SELECT " + MovingTable.list(table.keys(), "") + ", log_number FROM " + log
                + " ORDER BY log_number LIMIT ?";
        for (int attempt = 1; ; attempt++) {
            // With the whole log, rows that exchanged a unique value are replaced together.
            List<Change> changes = source.database.query(
                    oldest,
                    (row, number) -> new Change(MoveSide.key(table, row), row.getLong("log_number")),
                    batch << (attempt - 1));
            List<List<Object>> keys =
                    changes.stream().map(Change::key).distinct().toList();
            List<@Nullable Object[]> rows = table.haveKeys(keys, batch)
                    .flatMap(some -> source.rows(table, prefix, some, batch).stream())
                    .toList();
            try {
                replace(table, keys, rows, null);
            } catch (DataIntegrityViolationException taken) {
                if (attempt == ATTEMPTS) {
                    throw taken;
                }
                continue;
            }
            applied.computeIfPresent(table, (same, noted) -> {
                noted.addAll(keys);
                return noted;
            });
            // By number: a transaction that commits later may have logged a change with a lower one.
            List<Object[]> done =
                    changes.stream().map(change -> new Object[] {change.number}).toList();
            source.transaction.executeWithoutResult(
                    status -> source.database.batchUpdate("DELETE FROM " + log + " WHERE log_number = ?", done));
            return changes.size();
        }
    }

    /** Replaces the rows of the target that have these keys by those of the source. */
    private void replace(
            MovingTable table,
            List<List<Object>> keys,
            List<@Nullable Object[]> rows,
            @Nullable List<Object> progress) {
        String arriving = table.named(TablePlace.ARRIVING.prefix);
        target.transaction.executeWithoutResult(status -> {
            target.database.batchUpdate(
                    "DELETE FROM " + arriving + " WHERE " + table.hasKey(),
                    keys.stream().map(List::toArray).toList());
            target.database.batchUpdate(insert(arriving, table.columns()), rows);
            if (progress != null) {
                target.database.update(insert(table.named(TablePlace.ARRIVING.log), table.keys()), progress.toArray());
            }
        });
    }

    private static String insert(String table, List<String> columns) {
        return "INSERT INTO " + table + " (" + MovingTable.list(columns, "") + ')' + ServerMove.OWN_NUMBERS + " VALUES "
                + MovingTable.placeholders(columns.size());
    }

    private @Nullable List<Object> progress(MovingTable table) {
        List<List<Object>> newest = target.keys(
                table,
                "SELECT " + MovingTable.list(table.keys(), "") + " FROM " + table.named(TablePlace.ARRIVING.log)
                        + " ORDER BY log_number DESC LIMIT 1");
        return newest.isEmpty() ? null : newest.getFirst();
    }
}
