package com.example.shop.chassis.database;

import java.sql.SQLException;
import java.util.Map;

/** PostgreSQL: the database in production. */
final class ServerDialect {

    static final String SCHEME = "postgresql";
    static final String DRIVER = "postgresql";

    /**
     * The parameters of every connection; those of an address come later, so they win.
     *
     * <p>A lock that is held for seconds is no deadlock, so nobody waits for it longer: neither a request, nor a
     * migration that everybody else would have to wait for.
     */
    static final String PARAMETERS = "connectTimeout=2&options=-c%20lock_timeout=3000";

    static final Dialect DIALECT = new Dialect(
            Map.of(
                    "uuid", "uuid",
                    "bytes", "bytea",
                    "timestamp", "timestamp(6)",
                    "identity", "GENERATED ALWAYS AS IDENTITY",
                    "by_code_point", "COLLATE \"C\""),
            "");

    private ServerDialect() {}

    /** Returns whether a lock was held for too long. */
    static boolean isLockTimeout(SQLException failure) {
        return "55P03".equals(failure.getSQLState());
    }
}
