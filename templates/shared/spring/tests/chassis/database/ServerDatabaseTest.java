package com.example.shop.chassis.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.transaction.PlatformTransactionManager;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

/** The database server at TEST_DATABASE_URL does what the shop expects of every database. */
@EnabledIfEnvironmentVariable(named = "TEST_DATABASE_URL", matches = ".+")
class ServerDatabaseTest {

    private static final String ADD = "INSERT INTO sample.item (user_id, sku, quantity, revision) VALUES (?, ?, 0, ?)";
    private final UUID user = Ids.next();
    private final DatabaseAddress address;
    private final JdbcTemplate database;
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final Transactions transactions;

    @EnableResilientMethods
    static class Resilience {}

    ServerDatabaseTest() {
        address = DatabaseAddress.parse(System.getenv("TEST_DATABASE_URL"));
        DriverManagerDataSource source =
                new DriverManagerDataSource(address.url(), address.getUsername(), address.getPassword());
        new Migrations(source, address, List.of("sample"), Stream.empty()).run();
        database = new JdbcTemplate(source);
        database.setExceptionTranslator(new DatabaseConfiguration().sqlExceptionTranslator());
        context.registerBean(PlatformTransactionManager.class, () -> new JdbcTransactionManager(source));
        context.register(Resilience.class, Transactions.class);
        context.refresh();
        transactions = context.getBean(Transactions.class);
    }

    @BeforeEach
    void add() {
        for (String sku : List.of("b", "é", "E", "e")) {
            database.update(ADD, user, sku, Ids.next());
        }
    }

    @AfterEach
    void remove() {
        database.update("DELETE FROM sample.item WHERE user_id = ?", user);
        context.close();
    }

    private void count(String sku) {
        database.update("UPDATE sample.item SET quantity = quantity + 1 WHERE user_id = ? AND sku = ?", user, sku);
    }

    @Test
    void textIsComparedAndSortedByCodePoint() {
        assertThat(database.queryForList(
                        "SELECT sku FROM sample.item WHERE user_id = ? ORDER BY sku", String.class, user))
                .containsExactly("E", "b", "e", "é");
    }

    @Test
    void identifiersSortByTime() {
        List<UUID> ids = List.of(Ids.firstAt(Instant.EPOCH), Ids.next(), new UUID(-1, -1));
        for (UUID id : ids) {
            database.update(ADD, user, id.toString(), id);
        }
        assertThat(database.queryForList(
                        "SELECT revision FROM sample.item WHERE user_id = ? AND sku LIKE '%-%' ORDER BY revision",
                        UUID.class, user))
                .containsExactlyElementsOf(ids);
    }

    @Test
    void timesKeepTheirMicroseconds() {
        LocalDateTime time = Clock.now().withNano(123_456_000);
        database.update("UPDATE sample.item SET changed_at = ? WHERE user_id = ? AND sku = 'b'", time, user);
        LocalDateTime stored = database.queryForObject(
                "SELECT changed_at FROM sample.item WHERE user_id = ? AND sku = 'b'", LocalDateTime.class, user);
        assertThat(stored).isEqualTo(time);
    }

    @Test
    void aTransactionReadsWhatOthersHaveCommitted() {
        transactions.run(() -> {
            Integer before = quantity();
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                other.execute(() -> count("b"));
            }
            assertThat(quantity()).isEqualTo(before + 1);
            return null;
        });
    }

    private Integer quantity() {
        return database.queryForObject(
                "SELECT quantity FROM sample.item WHERE user_id = ? AND sku = 'b'", Integer.class, user);
    }

    @Test
    void statementsFailIfOneThatMustChangeARowChangesNone() {
        assertTakingFails("nothing failed", "b", "e", "new-1", "new-19");
        assertTakingFails("missing", "missing", "e", "new-1", "new-19");
        assertTakingFails("missing", "b", "e", "missing", "new-19");
        assertTakingFails("missing", "b", "e", "new-1", "missing");
    }

    /** Takes units of items, two of which are new, with more statements than go together. */
    private void assertTakingFails(String message, String... skus) {
        String take = "UPDATE sample.item SET quantity = quantity - ? WHERE user_id = ? AND sku = ? AND quantity >= ?";
        Statements statements = new Statements();
        for (int row = 0; row < 20; row++) {
            statements.add(ADD, user, "new-" + row, Ids.next());
        }
        for (String sku : skus) {
            statements.addGuarded(() -> new IllegalStateException(sku), take, 0, user, sku, 0);
        }
        statements.add(take, 0, user, "unguarded", 0);
        assertThatThrownBy(() -> transactions.run(() -> {
                    statements.run(database);
                    throw new IllegalStateException("nothing failed");
                }))
                .hasMessage(message);
    }

    @Test
    void aFailureAmongStatementsIsThatOfItsStatement() {
        Statements statements =
                new Statements().add(ADD, user, "new", Ids.next()).add(ADD, user, "b", Ids.next());
        assertThatThrownBy(() -> transactions.run(() -> {
                    statements.run(database);
                    return null;
                }))
                .isInstanceOf(DuplicateKeyException.class);
    }

    @Test
    void aDeadlockIsRepeated() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> first = threads.submit(() -> countBoth("b", "e", attempts, both));
            Future<?> second = threads.submit(() -> countBoth("e", "b", attempts, both));
            first.get(1, TimeUnit.MINUTES);
            second.get(1, TimeUnit.MINUTES);
        }
        assertThat(attempts).hasValueGreaterThan(2);
        assertThat(database.queryForList(
                        "SELECT quantity FROM sample.item WHERE user_id = ? AND sku IN ('b', 'e')",
                        Integer.class,
                        user))
                .containsExactly(2, 2);
    }

    private void countBoth(String first, String second, AtomicInteger attempts, CyclicBarrier both) {
        transactions.run(() -> {
            boolean repeated = attempts.incrementAndGet() > 2;
            count(first);
            if (!repeated) {
                meet(both);
            }
            count(second);
            return null;
        });
    }

    private static void meet(CyclicBarrier both) {
        try {
            both.await(1, TimeUnit.MINUTES);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void aLockThatIsHeldForSecondsIsAFailureThatPasses() {
        transactions.run(() -> {
            count("b");
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                Future<?> waiting = other.submit(() -> count("b"));
                assertThatThrownBy(waiting::get).hasCauseInstanceOf(TransientDataAccessException.class);
            }
            return null;
        });
    }

    @Test
    void aStatementThatRunsForSecondsIsAFailureThatPasses() {
        // Not every driver has such a limit.
        assumeThat(database.execute((ConnectionCallback<Boolean>) ServerDialect::endsPausedTransactions))
                .isTrue();
        String slow = ServerDialect.SCHEME.startsWith("my") ? "SELECT SLEEP(60)" : "SELECT pg_sleep(60)";
        database.setQueryTimeout(1);
        assertThatThrownBy(() -> database.execute(slow)).isInstanceOf(TransientDataAccessException.class);
    }

    @Test
    void aTransactionThatPausesForSecondsLosesItsLocks() throws Exception {
        try (HikariDataSource pool = new DatabaseConfiguration().dataSource(address);
                Connection paused = pool.getConnection();
                Statement statement = paused.createStatement()) {
            assumeThat(ServerDialect.endsPausedTransactions(paused)).isTrue();
            paused.setAutoCommit(false);
            statement.execute("UPDATE sample.item SET quantity = 7 WHERE sku = 'b'");
            Thread.sleep(Duration.ofSeconds(6));
            count("b");
            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
        assertThat(database.queryForObject(
                        "SELECT quantity FROM sample.item WHERE user_id = ? AND sku = 'b'", Integer.class, user))
                .isEqualTo(1);
    }

    @Test
    void concurrentInsertsOfOneKeyBothSucceed() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> stored =
                    List.of(threads.submit(() -> upsert("new", both)), threads.submit(() -> upsert("new", both)));
            for (Future<Integer> each : stored) {
                assertThat(each.get(1, TimeUnit.MINUTES)).isEqualTo(1);
            }
        }
        assertThat(database.queryForObject(
                        "SELECT quantity FROM sample.item WHERE user_id = ? AND sku = 'new'", Integer.class, user))
                .isEqualTo(1);
    }

    private int upsert(String sku, CyclicBarrier both) {
        AtomicInteger attempts = new AtomicInteger();
        return transactions.runUntilUnique(() -> {
            int updated = database.update(
                    "UPDATE sample.item SET quantity = quantity + 1 WHERE user_id = ? AND sku = ?", user, sku);
            if (attempts.incrementAndGet() == 1) {
                meet(both);
            }
            return updated > 0 ? updated : database.update(ADD, user, sku, Ids.next());
        });
    }
}
