package com.example.shop.chassis.database;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/** Deletes rows that nobody needs any longer. Any number of processes can share the work. */
public class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 1000;
    private final JdbcTemplate database;
    private final Transactions transactions;
    private final List<RetentionRule> rules;

    Retention(JdbcTemplate database, Transactions transactions, List<RetentionRule> rules) {
        this.database = database;
        this.transactions = transactions;
        this.rules = rules;
    }

    /** Deletes all rows that have expired, every hour. */
    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.HOURS)
    public void deleteExpired() {
        for (RetentionRule rule : rules) {
            try {
                while (deleteBatch(rule) == BATCH) {
                    log.debug("Deleted {} expired rows of {}", BATCH, rule.table());
                }
            } catch (RuntimeException failure) {
                log.warn("Deleting expired rows of {} failed; trying again in an hour", rule.table(), failure);
            }
        }
    }

    private int deleteBatch(RetentionRule rule) {
        String key = String.join(", ", rule.key());
        // A short transaction for each batch, by primary key, so that nobody waits for it.
        String select = "SELECT " + key + " FROM " + rule.table() + " WHERE " + rule.expired() + " ORDER BY " + key
                + " LIMIT " + BATCH + " FOR UPDATE SKIP LOCKED";
        String delete = "DELETE FROM " + rule.table() + " WHERE "
                + rule.key().stream().map(column -> column + " = ?").collect(Collectors.joining(" AND "));
        return transactions.run(() -> {
            List<Object[]> found = database.query(
                    select,
                    (row, number) -> {
                        Object[] values = new Object[rule.key().size()];
                        for (int column : IntStream.range(0, values.length).toArray()) {
                            values[column] = row.getObject(column + 1);
                        }
                        return values;
                    },
                    rule.before().get());
            database.batchUpdate(delete, found);
            return found.size();
        });
    }
}
