package com.example.shop.audit;

import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a whole database as of one moment, so an audit can run while the shop is busy. */
public class OneMoment {

    private final TransactionTemplate snapshot;

    public OneMoment(PlatformTransactionManager transactions) {
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    /** Returns what is read. */
    public <T> T read(Supplier<T> read) {
        return Objects.requireNonNull(snapshot.execute(status -> read.get()));
    }
}
