package com.example.shop.chassis.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.support.TransactionTemplate;

import com.example.shop.chassis.database.MovingTable.Condition;

/** A database of a move. It has one connection, which holds the lock of the move and has no limits of requests. */
final class MoveSide implements AutoCloseable {

    final JdbcTemplate database;
    final TransactionTemplate transaction;
    private final SingleConnectionDataSource connection;

    MoveSide(DataSource source, SQLExceptionTranslator translator) {
        try {
            this.connection = new SingleConnectionDataSource(source.getConnection(), true);
        } catch (SQLException failure) {
            throw new CannotGetJdbcConnectionException("The database does not respond", failure);
        }
        this.database = new JdbcTemplate(connection);
        this.database.setExceptionTranslator(translator);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(connection));
    }

    /** Sets up the session, and takes the lock of the move; throws {@link MoveRefused} if another connection holds it. */
    void begin(String session, String refusal) {
        database.execute(session);
        if (!Boolean.TRUE.equals(database.queryForObject(ServerMove.TRY_LOCK, Boolean.class))) {
            throw new MoveRefused(refusal);
        }
    }

    /** Returns the rows of a table in the order of their keys, each with all columns. */
    List<@Nullable Object[]> rows(MovingTable table, String prefix, Condition condition, int limit) {
        return database.query(
                "SELECT " + MovingTable.list(table.columns(), "") + " FROM " + table.named(prefix) + " WHERE "
                        + condition.sql() + " ORDER BY " + MovingTable.list(table.keys(), "") + " LIMIT ?",
                (row, number) -> values(row, table.columns().size()),
                condition.arguments(limit));
    }

    /** Returns the number of rows and a checksum, which does not depend on their order. */
    List<String> summary(MovingTable table, String prefix, Condition condition) {
        return database.query(
                        "SELECT count(*), " + ServerMove.checksum(table) + " FROM " + table.named(prefix) + " WHERE "
                                + condition.sql(),
                        (row, number) -> List.of(row.getString(1), row.getString(2)),
                        condition.values().toArray())
                .getFirst();
    }

    /** Returns the primary keys of the rows of a SELECT, which begins with them. */
    List<List<Object>> keys(MovingTable table, String select, Object... arguments) {
        return database.query(select, (row, number) -> key(table, row), arguments);
    }

    /** Returns the primary key with which a row begins. */
    static List<Object> key(MovingTable table, ResultSet row) throws SQLException {
        return Arrays.stream(values(row, table.keys().size()))
                .map(Objects::requireNonNull)
                .toList();
    }

    private static @Nullable Object[] values(ResultSet row, int number) throws SQLException {
        @Nullable Object[] values = new Object[number];
        for (int column = 1; column <= number; column++) {
            values[column - 1] = row.getMetaData().getColumnType(column) == Types.TIMESTAMP
                    ? row.getObject(column, timeClass(row.getMetaData().getColumnTypeName(column)))
                    : row.getObject(column);
        }
        return values;
    }

    /** Returns the class of a time; most have no zone, and as a Timestamp, they would get that of this machine. */
    private static Class<?> timeClass(String type) {
        return type.equals("timestamptz") ? OffsetDateTime.class : LocalDateTime.class;
    }

    @Override
    public void close() {
        connection.destroy();
    }
}
