package com.example.shop.chassis.database;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import com.example.shop.chassis.Ids;

/**
 * Which rows of a table may be deleted.
 *
 * @param table the table with its schema
 * @param key the columns of the primary key
 * @param expired the condition in SQL, with one parameter
 * @param before the value of the parameter
 */
public record RetentionRule(String table, List<String> key, String expired, Supplier<Object> before) {

    /** Returns a rule for rows whose id in a column was made more than so many days ago: ids sort by time. */
    public static RetentionRule olderThan(int days, String table, List<String> key, String column) {
        return new RetentionRule(
                table, key, column + " < ?", () -> Ids.firstAt(Instant.now().minus(Duration.ofDays(days))));
    }
}
