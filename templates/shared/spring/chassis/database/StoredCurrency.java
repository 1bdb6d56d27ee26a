package com.example.shop.chassis.database;

import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

import com.example.shop.chassis.startup.StartupRefused;

/**
 * The currency of one context's amounts, in a table with one row.
 *
 * <p>Tables hold minor units without a currency: with another setting, 500 EUR would become 500 USD.
 */
public class StoredCurrency {

    private final JdbcClient database;
    private final String table;

    public StoredCurrency(JdbcClient database, String schema) {
        this.database = database;
        this.table = schema + '.' + schema + "_currency";
    }

    /** Stores the configured currency if none is stored; refuses to start if another one is. */
    public void check(String configured) {
        String stored = read().orElseGet(() -> store(configured));
        refuseOther(stored, configured);
    }

    /** Refuses to start unless the amounts in the database are in the configured currency. */
    public static void refuseOther(String stored, String configured) {
        if (!stored.equals(configured)) {
            throw new StartupRefused(
                    "CURRENCY is %s, but the amounts in the database are in %s: set CURRENCY=%s, or use an empty database."
                            .formatted(configured, stored, stored));
        }
    }

    private Optional<String> read() {
        return database.sql("SELECT code FROM " + table).query(String.class).optional();
    }

    private String store(String configured) {
        try {
            database.sql("INSERT INTO " + table + " (id, code) VALUES (1, ?)")
                    .param(configured)
                    .update();
            return configured;
        } catch (DuplicateKeyException concurrent) {
            return read().orElseThrow();
        }
    }
}
