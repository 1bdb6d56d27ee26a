package com.example.shop.chassis.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** While all transactions wait for a lock, reads and the checks of readiness go on. */
class BusyPoolTest {

    private static final int SIZE = 3;
    private final HikariDataSource pool = new HikariDataSource();
    private final CountDownLatch unlocked = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @BeforeEach
    void configure() {
        pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        pool.setMaximumPoolSize(SIZE);
        pool.setConnectionTimeout(5000);
    }

    @AfterEach
    void close() throws InterruptedException {
        unlocked.countDown();
        for (Thread each : threads) {
            each.join();
        }
        pool.close();
    }

    @Test
    void transactionsLeaveConnectionsForReads() {
        Transactions transactions = new Transactions(new JdbcTransactionManager(pool), SIZE);
        for (int number = 0; number < SIZE; number++) {
            threads.add(Thread.ofPlatform().start(() -> transactions.run(this::waitForLock)));
        }
        // On a busy machine, some are refused before the last one begins.
        await().dontCatchUncaughtExceptions().until(() -> threads.stream().noneMatch(BusyPoolTest::isRunning));
        assertThat(new JdbcTemplate(pool).queryForObject("SELECT 1", Integer.class))
                .isEqualTo(1);
    }

    private boolean waitForLock() {
        try {
            unlocked.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private static boolean isRunning(Thread thread) {
        return thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.BLOCKED;
    }

    @Test
    void aTransactionInsideAnotherNeedsNoConnection() {
        Transactions transactions = new Transactions(new JdbcTransactionManager(pool), 1);
        assertThat(transactions.run(() -> transactions.runUntilUnique(() -> 1))).isEqualTo(1);
    }

    @Test
    void readinessDoesNotNeedTheConnectionsOfRequests() throws SQLException {
        DatabaseConfiguration configuration = new DatabaseConfiguration();
        List<Connection> all = new ArrayList<>();
        try (HikariDataSource probe = configuration.probeConnection(pool)) {
            for (int number = 0; number < SIZE; number++) {
                all.add(pool.getConnection());
            }
            new DatabaseCheck(configuration.probe(probe)).run();
            assertThat(probe.getMaximumPoolSize()).isEqualTo(1);
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
    }
}
