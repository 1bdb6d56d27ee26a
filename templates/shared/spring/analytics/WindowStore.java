package com.example.shop.analytics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import com.example.shop.analytics.PartitionCounts.Progress;
import com.example.shop.analytics.Windows.Changes;
import com.example.shop.chassis.database.Statements;
import com.example.shop.chassis.database.Transactions;

/**
 * Windows in the database: buckets, with the positions up to which they are counted.
 *
 * <p>Every write checks the generation and the position that it started from, so that of two consumers, or a consumer
 * and a rebuild, only one can count a message.
 */
@Repository
class WindowStore {

    private static final String PROGRESS = "SELECT topic, \"partition\", generation, position"
            + " FROM analytics.progress ORDER BY topic, \"partition\"";
    private static final String OF = " WHERE topic = ? AND \"partition\" = ?";
    private static final String DELETE = "DELETE FROM analytics.bucket" + OF;
    private final JdbcTemplate template;
    private final JdbcClient database;
    private final Transactions transactions;

    WindowStore(JdbcTemplate database, Transactions transactions) {
        this.template = database;
        this.database = JdbcClient.create(database);
        this.transactions = transactions;
    }

    /** Begins at position 0 with each partition that has none. */
    void begin(Collection<TopicPartition> partitions) {
        Set<TopicPartition> known = progress(PROGRESS).keySet();
        for (TopicPartition partition : partitions) {
            if (!known.contains(partition)) {
                try {
                    database.sql("INSERT INTO analytics.progress (topic, \"partition\", generation, position)"
                                    + " VALUES (?, ?, 1, 0)")
                            .params(partition.topic(), partition.partition())
                            .update();
                } catch (DuplicateKeyException concurrent) {
                    // Another process has just done the same.
                }
            }
        }
    }

    /**
     * Updates the windows to the stored state of all partitions except those of this process, and reads only what has
     * changed.
     *
     * <p>Returns those of this process that another one has written since they were stored or loaded here.
     */
    List<TopicPartition> refresh(Windows windows, Set<TopicPartition> own) {
        List<TopicPartition> overwritten = new ArrayList<>();
        progress(PROGRESS).forEach((partition, progress) -> {
            if (progress.equals(windows.stored(partition))) {
                return;
            }
            if (own.contains(partition)) {
                overwritten.add(partition);
            } else {
                read(windows, partition, progress.generation());
            }
        });
        return overwritten;
    }

    /** The progress of a partition, and one of its buckets; no data if it has none that is asked for. */
    private record Row(Progress progress, long minute, byte @Nullable [] data) {}

    private void read(Windows windows, TopicPartition partition, long generation) {
        Progress known = windows.stored(partition);
        // One statement, so that the position and the buckets match.
        List<Row> rows = database.sql("""
                        SELECT progress.generation, progress.position, bucket."minute", bucket.data
                        FROM analytics.progress LEFT JOIN analytics.bucket
                            ON bucket.topic = progress.topic AND bucket."partition" = progress."partition"
                            AND bucket.position > ? AND bucket."minute" >= ?
                        WHERE progress.topic = ? AND progress."partition" = ?""")
                .params(
                        known != null && known.generation() == generation ? known.position() : -1L,
                        windows.oldest(),
                        partition.topic(),
                        partition.partition())
                .query((row, number) ->
                        new Row(new Progress(row.getLong(1), row.getLong(2)), row.getLong(3), row.getBytes(4)))
                .list();
        Progress progress = rows.getFirst().progress;
        // Otherwise another process has just replaced the buckets; the next refresh reads all of them.
        if (progress.generation() == generation) {
            Map<Long, byte[]> changed = new HashMap<>();
            for (Row row : rows) {
                if (row.data != null) {
                    changed.put(row.minute, row.data);
                }
            }
            windows.load(partition, progress, changed);
        }
    }

    /** Stores the changes of the partitions, except of those that another process has written. */
    void save(Windows windows, Collection<TopicPartition> partitions) {
        List<Changes> changed = partitions.stream()
                // In one order, so that no two processes wait for each other.
                .sorted(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition))
                .map(windows::changes)
                .filter(changes -> changes.position() != changes.stored().position())
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        List<Changes> saved = transactions.run(() -> {
            List<Changes> advanced = changed.stream().filter(this::advance).toList();
            Statements statements = new Statements();
            for (Changes changes : advanced) {
                String topic = changes.partition().topic();
                int number = changes.partition().partition();
                statements.add(DELETE + " AND \"minute\" < ?", topic, number, changes.oldest());
                changes.buckets()
                        .keySet()
                        .forEach(minute -> statements.add(DELETE + " AND \"minute\" = ?", topic, number, minute));
            }
            advanced.forEach(changes -> insert(statements, changes));
            statements.run(template);
            return advanced;
        });
        saved.forEach(windows::stored);
    }

    private boolean advance(Changes changes) {
        return database.sql("UPDATE analytics.progress SET position = ?" + OF + " AND generation = ? AND position = ?")
                        .params(
                                changes.position(),
                                changes.partition().topic(),
                                changes.partition().partition(),
                                changes.stored().generation(),
                                changes.stored().position())
                        .update()
                == 1;
    }

    /**
     * Replaces the stored state of all partitions by the windows, as another generation.
     *
     * <p>Returns false, and changes nothing, if another process has counted more of a partition in the meantime. A
     * stored position beyond the end of a partition is of a topic that was deleted and created again.
     */
    boolean replace(Windows windows, Supplier<Map<TopicPartition, Long>> ends) {
        return transactions.run(() -> {
            Map<TopicPartition, Progress> stored = progress(PROGRESS + " FOR UPDATE");
            // After the positions, which are not beyond it then.
            Map<TopicPartition, Long> end = ends.get();
            Map<TopicPartition, Long> counted = windows.positions();
            Statements statements = new Statements();
            for (Map.Entry<TopicPartition, Long> each : counted.entrySet()) {
                TopicPartition partition = each.getKey();
                Progress progress = Objects.requireNonNull(stored.get(partition));
                if (each.getValue() < progress.position() && progress.position() <= end.getOrDefault(partition, 0L)) {
                    return false;
                }
                statements.add(
                        "UPDATE analytics.progress SET generation = ?, position = ?" + OF,
                        progress.generation() + 1,
                        each.getValue(),
                        partition.topic(),
                        partition.partition());
                statements.add(DELETE, partition.topic(), partition.partition());
                insert(statements, windows.changes(partition));
            }
            statements.run(template);
            return true;
        });
    }

    private static void insert(Statements statements, Changes changes) {
        changes.buckets()
                .forEach((minute, data) -> statements.add(
                        "INSERT INTO analytics.bucket (topic, \"partition\", \"minute\", position, data)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        changes.partition().topic(),
                        changes.partition().partition(),
                        minute,
                        changes.position(),
                        data));
    }

    private Map<TopicPartition, Progress> progress(String query) {
        Map<TopicPartition, Progress> found = new LinkedHashMap<>();
        database.sql(query).query(row -> {
            found.put(
                    new TopicPartition(row.getString(1), row.getInt(2)), new Progress(row.getLong(3), row.getLong(4)));
        });
        return found;
    }
}
