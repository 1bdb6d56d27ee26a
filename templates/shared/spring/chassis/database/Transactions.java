package com.example.shop.chassis.database;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that are repeated after a conflict with a concurrent one, such as a deadlock. */
@Component
public class Transactions {

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);
    private static final int MAX_ATTEMPTS = 10;
    private final TransactionTemplate transaction;

    Transactions(PlatformTransactionManager transactions) {
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Does the work in a transaction. It may run several times, so it must not change anything else. */
    @Retryable(includes = PessimisticLockingFailureException.class, maxRetries = 4, delay = 20, jitter = 20)
    public <T extends @Nullable Object> T run(Supplier<T> work) {
        return transaction.execute(status -> work.get());
    }

    /**
     * Does the same, and repeats the work also if a concurrent transaction has just stored the same key.
     *
     * <p>It does so at once: later, the other row may be deleted, and stored once more.
     */
    @Retryable(includes = PessimisticLockingFailureException.class, maxRetries = 4, delay = 20, jitter = 20)
    public <T extends @Nullable Object> T runUntilUnique(Supplier<T> work) {
        for (int attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
            try {
                return transaction.execute(status -> work.get());
            } catch (DuplicateKeyException taken) {
                log.debug("A concurrent transaction has stored the same key");
            }
        }
        return transaction.execute(status -> work.get());
    }
}
