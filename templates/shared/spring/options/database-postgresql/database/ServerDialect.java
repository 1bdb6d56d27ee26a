package com.example.shop.chassis.database;

import java.util.Map;

/** PostgreSQL: the database in production. */
final class ServerDialect {

    static final String SCHEME = "postgresql";
    static final String DRIVER = "postgresql";
    /** The words for the placeholders of migrations. */
    static final Map<String, String> WORDS = Map.of("uuid", "uuid", "bytes", "bytea", "by_code_point", "COLLATE \"C\"");

    private ServerDialect() {}
}
