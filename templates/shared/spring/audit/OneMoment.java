package com.example.shop.audit;

import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a whole database as of one moment, so an audit can run while the shop is busy. */
public class OneMoment {

    // Takes the place of the time limits of requests: no customer waits for an audit.
    private static final int TIMEOUT_SECONDS = 600;
    private final DataSource database;
    private final TransactionTemplate snapshot;

    public OneMoment(DataSourceTransactionManager transactions) {
        this.database = Objects.requireNonNull(transactions.getDataSource());
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        snapshot.setTimeout(TIMEOUT_SECONDS);
    }

    /** Returns what is read. */
    public <T> T read(Supplier<T> read) {
        return Objects.requireNonNull(snapshot.execute(status -> {
            waitForLongAnswers();
            return read.get();
        }));
    }

    /** The pool resets the limit when it gets the connection back. */
    private void waitForLongAnswers() {
        try {
            DataSourceUtils.getConnection(database).setNetworkTimeout(Runnable::run, TIMEOUT_SECONDS * 1000);
        } catch (SQLException failure) {
            throw new IllegalStateException("The connection refuses a time limit", failure);
        }
    }
}
