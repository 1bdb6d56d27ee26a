package com.example.shop.chassis.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/** PostgreSQL: the database in production. */
final class ServerDialect {

    static final String SCHEME = "postgresql";
    static final String DRIVER = "postgresql";

    /**
     * The parameters of every connection; those of an address come later, so they win.
     *
     * <p>A lock that is held for seconds is no deadlock, so nobody waits for it longer: neither a request, nor a
     * migration that everybody else would have to wait for. If nobody answers, nobody answers a cancellation, either.
     */
    static final String PARAMETERS = "connectTimeout=2&cancelSignalTimeout=2&options=-c%20lock_timeout=3000";

    /** Begins each connection of a request: a transaction that pauses for seconds is that of a process that has stopped. */
    static final String SESSION = "SET idle_in_transaction_session_timeout = '5s'";

    /** How many seconds the driver waits for an answer: longer than any statement of a request may run. */
    static final String SOCKET_TIMEOUT = "8";

    static final Dialect DIALECT = new Dialect(
            Map.of(
                    "uuid", "uuid",
                    "bytes", "bytea",
                    "large_bytes", "bytea",
                    "timestamp", "timestamp(6)",
                    "identity", "GENERATED ALWAYS AS IDENTITY",
                    "by_code_point", "COLLATE \"C\""),
            "");

    // lock_not_available, query_canceled, idle_in_transaction_session_timeout.
    private static final Set<String> TIMEOUTS = Set.of("55P03", "57014", "25P03");

    private static final String UNDEFINED_TABLE = "42P01";

    private ServerDialect() {}

    /** Returns whether several statements can be one text, as here but not in the embedded database. */
    static boolean takesSeveral(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    }

    /** Returns whether the server ends a transaction that pauses for seconds. */
    static boolean endsPausedTransactions(Connection connection) {
        return true;
    }

    /** Returns whether a lock was held for too long, or a statement ran for too long. */
    static boolean isTimeout(SQLException failure) {
        return TIMEOUTS.contains(String.valueOf(failure.getSQLState()));
    }

    /** Returns whether a table does not exist. */
    static boolean lacksTable(SQLException failure) {
        return UNDEFINED_TABLE.equals(failure.getSQLState());
    }
}
