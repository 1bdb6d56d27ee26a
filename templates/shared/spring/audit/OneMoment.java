package com.example.shop.audit;

import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a whole database as of one moment, so an audit can run while the shop is busy. */
public class OneMoment {

    // Takes the place of the time limit of statements: no request of a customer waits for an audit.
    private static final int TIMEOUT_SECONDS = 600;
    private final TransactionTemplate snapshot;

    public OneMoment(PlatformTransactionManager transactions) {
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        snapshot.setTimeout(TIMEOUT_SECONDS);
    }

    /** Returns what is read. */
    public <T> T read(Supplier<T> read) {
        return Objects.requireNonNull(snapshot.execute(status -> read.get()));
    }
}
