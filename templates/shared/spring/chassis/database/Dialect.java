package com.example.shop.chassis.database;

import java.util.Map;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * What differs between databases.
 *
 * @param words the words for the placeholders of migrations
 * @param schemaOptions the options of a new schema; empty if it needs none
 */
record Dialect(Map<String, String> words, String schemaOptions) {

    /** The embedded database. */
    static final Dialect H2 = new Dialect(
            Map.of(
                    "uuid", "uuid",
                    "bytes", "varbinary(65535)",
                    "large_bytes", "binary large object",
                    "timestamp", "timestamp(6)",
                    "identity", "GENERATED ALWAYS AS IDENTITY",
                    "by_code_point", ""),
            "");

    /** Returns that of the database at the address. */
    static Dialect of(JdbcConnectionDetails address) {
        return address.getJdbcUrl().startsWith("jdbc:h2:") ? H2 : ServerDialect.DIALECT;
    }
}
