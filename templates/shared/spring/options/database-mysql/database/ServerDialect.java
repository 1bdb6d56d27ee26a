package com.example.shop.chassis.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/** MySQL or MariaDB: the database in production. The driver of MariaDB speaks with both. */
final class ServerDialect {

    static final String SCHEME = "mysql";
    static final String DRIVER = "mariadb";

    /**
     * The parameters of every connection; those of an address come later, so they win.
     *
     * <p>They make the servers do what others do by default: read what is committed, take quotation marks around names,
     * and refuse values that do not fit. MySQL has a public key for passwords on connections without TLS. A lock that is
     * held for seconds is no deadlock, so nobody waits for it longer.
     */
    static final String PARAMETERS = "connectTimeout=2000&transactionIsolation=READ-COMMITTED"
            + "&allowPublicKeyRetrieval=true"
            + "&sessionVariables=sql_mode='TRADITIONAL,ANSI_QUOTES',innodb_lock_wait_timeout=3";

    /**
     * Begins each connection of a request: a transaction that pauses for seconds is that of a process that has stopped.
     *
     * <p>Only MariaDB executes the comment. MySQL ends a connection when it has been idle for {@code wait_timeout}.
     */
    static final String SESSION =
            "SET SESSION innodb_lock_wait_timeout = 3 /*M!100300 , idle_transaction_timeout = 5 */";

    /** How many milliseconds the driver waits for an answer: longer than any statement of a request may run. */
    static final String SOCKET_TIMEOUT = "8000";

    static final Dialect DIALECT = new Dialect(
            Map.of(
                    // Text, because MySQL has no type for it and the driver writes text; it sorts like the bytes.
                    "uuid", "char(36) CHARACTER SET ascii COLLATE ascii_bin",
                    "bytes", "blob",
                    "large_bytes", "mediumblob",
                    // Unlike timestamp, it has no time zone and does not end in 2038.
                    "timestamp", "datetime(6)",
                    "identity", "AUTO_INCREMENT",
                    "by_code_point", "COLLATE utf8mb4_bin"),
            // The default collations treat é as e, which would let one email address stand for another.
            "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");

    // ER_LOCK_WAIT_TIMEOUT, ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL.
    private static final Set<Integer> TIMEOUTS = Set.of(1205, 1969, 3024);

    private static final int NO_SUCH_TABLE = 1146;

    private ServerDialect() {}

    /** Returns whether several statements can be one text: the driver sends them one by one. */
    static boolean takesSeveral(Connection connection) {
        return false;
    }

    /** Returns whether the server ends a transaction that pauses for seconds, as only MariaDB does. */
    static boolean endsPausedTransactions(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("MariaDB");
    }

    /** Returns whether a lock was held for too long, or a statement ran for too long. */
    static boolean isTimeout(SQLException failure) {
        return TIMEOUTS.contains(failure.getErrorCode());
    }

    /** Returns whether a table does not exist. */
    static boolean lacksTable(SQLException failure) {
        return failure.getErrorCode() == NO_SUCH_TABLE;
    }
}
