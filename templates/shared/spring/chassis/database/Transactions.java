package com.example.shop.chassis.database;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that are repeated after a conflict with a concurrent one, such as a deadlock. */
@Component
public class Transactions {

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);
    private static final int MAX_ATTEMPTS = 10;
    // Connections that transactions leave free, so that reads go on while all transactions wait for a lock.
    private static final int FOR_READING = 2;
    private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(3);
    private final TransactionTemplate transaction;
    private final Semaphore writers;

    Transactions(
            PlatformTransactionManager transactions,
            @Value("${spring.datasource.hikari.maximum-pool-size:10}") int connections) {
        this.transaction = new TransactionTemplate(transactions);
        this.writers = new Semaphore(Math.max(connections - FOR_READING, 1), true);
    }

    /** Does the work in a transaction. It may run several times, so it must not change anything else. */
    @Retryable(includes = PessimisticLockingFailureException.class, maxRetries = 4, delay = 20, jitter = 20)
    public <T extends @Nullable Object> T run(Supplier<T> work) {
        return execute(work);
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
                return execute(work);
            } catch (DuplicateKeyException taken) {
                log.debug("A concurrent transaction has stored the same key");
            }
        }
        return execute(work);
    }

    private <T extends @Nullable Object> T execute(Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            // The work becomes a part of it, on its connection.
            return transaction.execute(status -> work.get());
        }
        acquire();
        try {
            return transaction.execute(status -> work.get());
        } finally {
            writers.release();
        }
    }

    private void acquire() {
        try {
            if (!writers.tryAcquire(ACQUIRE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CannotCreateTransactionException("No connection for a transaction became free");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CannotCreateTransactionException("The thread was interrupted", interrupted);
        }
    }
}
