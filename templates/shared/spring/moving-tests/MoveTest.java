package com.example.shop.chassis.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Moves from the server in TEST_DATABASE_URL to the one in TEST_TARGET_DATABASE_URL. */
@EnabledIfEnvironmentVariable(named = "TEST_TARGET_DATABASE_URL", matches = ".+")
class MoveTest {

    private static final int SHELVES = 20;
    private static final Set<String> TABLES = Set.of("shelf", "book", "loan");
    private static final SQLExceptionTranslator TRANSLATOR = new DatabaseConfiguration().sqlExceptionTranslator();
    private final String schema = "library_" + UUID.randomUUID().toString().substring(0, 8);
    private final Side source = new Side("TEST_DATABASE_URL");
    private final Side target = new Side("TEST_TARGET_DATABASE_URL");
    private final List<String> reports = new ArrayList<>();

    /** One of both databases, with the statements of the test. */
    private final class Side {
        final DataSource connections;
        final JdbcTemplate database;
        final TransactionTemplate transaction;

        Side(String variable) {
            connections = Migrations.withoutTimeLimits(DatabaseAddress.parse(System.getenv(variable)));
            database = new JdbcTemplate(connections);
            database.setExceptionTranslator(TRANSLATOR);
            transaction = new TransactionTemplate(new JdbcTransactionManager(connections));
        }

        /** Creates the tables: keys of several columns, a number of the database, a parent and its children. */
        void migrate() {
            Map<String, String> words = ServerDialect.DIALECT.words();
            database.execute("CREATE SCHEMA " + schema + ' ' + ServerDialect.DIALECT.schemaOptions());
            String zoned = ServerDialect.SCHEME.equals("mysql") ? "timestamp NULL" : "timestamptz";
            database.execute(
                    "CREATE TABLE %s (id %s PRIMARY KEY, label varchar(20) NOT NULL UNIQUE, built_at %s, seen_at %s)"
                            .formatted(name("shelf"), words.get("uuid"), words.get("timestamp"), zoned));
            database.execute("""
                    CREATE TABLE %s (shelf_id %s, "order" varchar(20), cover %s,
                        PRIMARY KEY (shelf_id, "order"), FOREIGN KEY (shelf_id) REFERENCES %s (id))""".formatted(name("book"), words.get("uuid"), words.get("bytes"), name("shelf")));
            database.execute("CREATE TABLE %s (position bigint %s PRIMARY KEY, reader varchar(20) NOT NULL)"
                    .formatted(name("loan"), words.get("identity")));
        }

        void addShelf(UUID id, String label) {
            LocalDateTime built = LocalDateTime.of(2026, 3, 29, 2, 30, 15, 123_456_000);
            database.update(
                    "INSERT INTO " + name("shelf")
                            + " (id, label, built_at, seen_at) VALUES (?, ?, ?, CURRENT_TIMESTAMP)",
                    id,
                    label,
                    built);
        }

        void addBook(UUID shelf, String order) {
            byte[] cover = {0, -1};
            database.update(
                    "INSERT INTO " + name("book") + " (shelf_id, \"order\", cover) VALUES (?, ?, ?)",
                    shelf,
                    order,
                    cover);
        }

        void addLoan(String reader) {
            database.update("INSERT INTO " + name("loan") + " (reader) VALUES (?)", reader);
        }

        void label(UUID shelf, String label) {
            database.update("UPDATE " + name("shelf") + " SET label = ? WHERE id = ?", label, shelf);
        }

        Set<String> names() {
            return new TreeSet<>(TablesCheck.names(database, List.of(schema)).getOrDefault(schema, Set.of()));
        }

        List<UUID> shelves() {
            return database.queryForList("SELECT id FROM " + name("shelf") + " ORDER BY id", UUID.class);
        }

        List<String> labels() {
            return database.queryForList("SELECT label FROM " + name("shelf"), String.class);
        }

        List<Long> positions() {
            return database.queryForList("SELECT position FROM " + name("loan") + " ORDER BY position", Long.class);
        }

        /** Returns the rows of each table as text. */
        Map<String, List<String>> rows() {
            Map<String, List<String>> rows = new TreeMap<>();
            Map.of("shelf", "1", "book", "1, 2", "loan", "1")
                    .forEach((table, keys) -> rows.put(
                            table,
                            database.query(
                                    "SELECT * FROM " + name(table) + " ORDER BY " + keys, (row, number) -> text(row))));
            return rows;
        }

        private static String text(ResultSet row) throws SQLException {
            List<String> values = new ArrayList<>();
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                values.add(String.valueOf(row.getString(column)));
            }
            return values.toString();
        }

        void drop() {
            database.execute(ServerMove.dropSchema(schema));
        }

        private String name(String table) {
            return schema + '.' + table;
        }
    }

    /** The process of the move is killed. */
    private static final class Killed extends RuntimeException {}

    /** Connections that count down their statements, and fail instead of the last one; 0 is never reached. */
    private static DataSource killing(DataSource source, AtomicInteger statements) {
        return before(source, (method, arguments) -> {
            if (method.matches("(create|prepare)Statement")
                    && statements.get() > 0
                    && statements.decrementAndGet() == 0) {
                throw new Killed();
            }
        });
    }

    /** Connections that do something before each of their methods, of which it gets the name and the arguments. */
    private static DataSource before(DataSource source, BiConsumer<String, Object[]> method) {
        return new DelegatingDataSource(source) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, called, arguments) -> {
                            method.accept(called.getName(), arguments);
                            try {
                                return called.invoke(connection, arguments);
                            } catch (InvocationTargetException failure) {
                                throw failure.getTargetException();
                            }
                        });
            }
        };
    }

    @BeforeEach
    void create() {
        source.migrate();
        target.migrate();
        for (int number = 0; number < SHELVES; number++) {
            UUID id = UUID.randomUUID();
            source.addShelf(id, "s" + number);
            Stream.of("b0", "b1", "b2").forEach(order -> source.addBook(id, order));
            source.addLoan("r" + number);
        }
    }

    @AfterEach
    void drop() {
        source.drop();
        target.drop();
    }

    /** Takes steps with small batches, each on new connections, as a new process has. */
    @SafeVarargs
    private void take(Consumer<Move>... steps) {
        for (Consumer<Move> step : steps) {
            take(source.connections, target.connections, step, 3);
        }
    }

    private void take(DataSource from, DataSource to, Consumer<Move> step, int batch) {
        try (Move move = Move.open(from, to, List.of(schema), TRANSLATOR, reports::add, batch)) {
            step.accept(move);
        }
    }

    @Test
    void allRowsMoveAndNewOnesFollow() {
        Map<String, List<String>> before = source.rows();
        take(Move::copy, Move::switchOver);
        assertThat(target.rows()).isEqualTo(before);
        assertThat(target.names()).isEqualTo(TABLES);
        target.addLoan("next");
        assertThat(target.positions()).hasSize(SHELVES + 1).doesNotHaveDuplicates();
        assertThatThrownBy(() -> target.addBook(UUID.randomUUID(), "b"))
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void changesDuringTheCopyArrive() {
        take(Move::copy);
        List<UUID> shelves = source.shelves();
        UUID other = UUID.randomUUID();
        source.addShelf(other, "new");
        source.label(shelves.get(0), "changed");
        source.database.update("DELETE FROM " + schema + ".book WHERE shelf_id = ?", shelves.get(1));
        source.database.update("DELETE FROM " + schema + ".shelf WHERE id = ?", shelves.get(1));
        source.database.update("UPDATE " + schema + ".book SET shelf_id = ? WHERE shelf_id = ?", other, shelves.get(2));
        source.database.update("DELETE FROM " + schema + ".loan");
        Map<String, List<String>> before = source.rows();
        take(Move::switchOver);
        assertThat(target.rows()).isEqualTo(before);
    }

    @Test
    void uniqueValuesChangeOwners() {
        take(Move::copy);
        List<UUID> shelves = source.shelves();
        for (int at = 1; at < shelves.size(); at++) {
            source.label(shelves.get(at - 1), "free" + at);
            source.label(shelves.get(at), "x" + at);
            source.label(shelves.get(at - 1), "s" + (at + 100));
            source.label(shelves.get(at), "free" + at);
        }
        Map<String, List<String>> before = source.rows();
        take(Move::switchOver);
        assertThat(target.rows()).isEqualTo(before);
    }

    @Test
    void writersLoseNothing() throws Exception {
        Set<String> committed = new ConcurrentSkipListSet<>();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> writers = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(writer -> threads.submit(() -> {
                        for (int number = 0; !done.get(); number++) {
                            String label = "w" + writer + '-' + number;
                            try {
                                source.addShelf(UUID.randomUUID(), label);
                                committed.add(label);
                            } catch (TableMissing moved) {
                                done.set(true);
                            }
                        }
                    }))
                    .toList();
            try {
                for (Consumer<Move> step : List.<Consumer<Move>>of(Move::copy, Move::copy, Move::switchOver)) {
                    take(source.connections, target.connections, step, 100);
                }
            } finally {
                done.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get(1, TimeUnit.MINUTES);
            }
        }
        assertThat(committed).hasSizeGreaterThan(10);
        assertThat(target.labels()).containsAll(committed).hasSize(committed.size() + SHELVES);
    }

    @Test
    void openTransactionsAreWaitedFor() throws Exception {
        take(Move::copy);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> moving = source.transaction.execute(status -> {
                source.addShelf(UUID.randomUUID(), "late");
                Future<?> started = thread.submit(() -> take(Move::switchOver));
                // Longer than one attempt.
                sleep(Duration.ofMillis(1500));
                assertThat(started).isNotDone();
                return started;
            });
            assertThat(moving).isNotNull();
            moving.get(1, TimeUnit.MINUTES);
        }
        assertThat(target.labels()).contains("late");
    }

    @Test
    void locksInTheTargetAreWaitedFor() throws Exception {
        take(Move::copy);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> moving = target.transaction.execute(status -> {
                target.database.queryForList("SELECT id FROM " + schema + ".arriving_shelf");
                Future<?> started = thread.submit(() -> take(Move::switchOver));
                // Longer than the source would wait.
                sleep(Duration.ofSeconds(2));
                assertThat(started).isNotDone();
                return started;
            });
            assertThat(moving).isNotNull();
            moving.get(1, TimeUnit.MINUTES);
        }
        assertThat(target.names()).isEqualTo(TABLES);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void aMoveBackRestoresTheStart() {
        Map<String, List<String>> before = source.rows();
        take(Move::copy, Move::switchOver, Move::finish);
        assertThat(source.names()).isEmpty();
        source.migrate();
        take(target.connections, source.connections, Move::copy, 3);
        take(target.connections, source.connections, Move::switchOver, 3);
        assertThat(source.rows()).isEqualTo(before);
    }

    @Test
    void aRollBackLeavesTheSourceAsItWas() {
        Map<String, List<String>> before = source.rows();
        take(Move::copy);
        assertThat(target.names()).contains("arriving_shelf").doesNotContain("shelf");
        take(Move::rollBack);
        assertThat(source.names()).isEqualTo(TABLES);
        assertThat(target.names()).isEmpty();
        assertThat(source.rows()).isEqualTo(before);
        source.addShelf(UUID.randomUUID(), "again");
        target.migrate();
        take(Move::copy, Move::switchOver);
        assertThat(target.labels()).contains("again");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachStepCanBeInterruptedAnywhere(boolean toTheEnd) {
        AtomicInteger statements = new AtomicInteger();
        DataSource from = killing(source.connections, statements);
        DataSource to = killing(target.connections, statements);
        Consumer<Move> ending = toTheEnd ? Move::switchOver : Move::rollBack;
        int number = 0;
        for (Consumer<Move> step : List.<Consumer<Move>>of(Move::copy, ending)) {
            for (boolean killed = true; killed; ) {
                number++;
                // Earlier steps are short when they are repeated, so kill the process later each time.
                statements.set(number);
                try {
                    take(from, to, step, 3);
                    killed = false;
                } catch (Killed died) {
                    if (source.names().contains("shelf")) {
                        source.addShelf(UUID.randomUUID(), "new" + number);
                        source.database.update("DELETE FROM " + schema + ".loan WHERE position = ?", number);
                    }
                } catch (MoveRefused refused) {
                    // A busy server notices late that a connection with a lock is gone.
                    assertThat(refused).hasMessageFindingMatch("Another move|same database");
                    sleep(Duration.ofMillis(100));
                    number--;
                }
            }
        }
        Side kept = toTheEnd ? target : source;
        assertThat(kept.labels()).filteredOn(label -> label.startsWith("new")).hasSizeGreaterThan(10);
        assertThat(kept.positions()).hasSizeLessThan(SHELVES);
        assertThat(kept.names()).isEqualTo(TABLES);
    }

    @Test
    void onlyChangedRowsAreComparedWhenTheSourceIsClosed() {
        UUID changed = source.shelves().getFirst();
        List<String> compared = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(TABLES.size());
        DataSource recorded = recording(source.connections, sql -> {
            if (left.get() == 0 && sql.contains("count(*)")) {
                compared.add(sql);
            }
        });
        Consumer<String> report = line -> {
            // All tables were compared, and none is closed yet.
            if (line.contains("ranges") && left.decrementAndGet() == 0) {
                source.label(changed, "late");
            }
        };
        take(Move::copy);
        try (Move move = Move.open(recorded, target.connections, List.of(schema), TRANSLATOR, report, 3)) {
            move.switchOver();
        }
        assertThat(compared).singleElement().asString().contains("shelf").contains(" IN ");
        assertThat(target.labels()).contains("late");
    }

    private static DataSource recording(DataSource source, Consumer<String> statements) {
        return before(source, (method, arguments) -> {
            if (method.equals("prepareStatement")) {
                statements.accept((String) arguments[0]);
            }
        });
    }

    @Test
    void differentRowsReopenTheSource() {
        take(Move::copy);
        target.database.update("UPDATE " + schema + ".arriving_loan SET reader = 'me' WHERE position = 5");
        assertThatThrownBy(() -> take(Move::switchOver))
                .isInstanceOf(MoveRefused.class)
                .hasMessageContaining("these tables differ: " + schema + ".loan");
        source.addShelf(UUID.randomUUID(), "open");
    }

    @Test
    void stepsOutOfOrderAreRefused() {
        assertThatThrownBy(() -> take(Move::switchOver)).hasMessageContaining("Run `move --copy` first");
        assertThatThrownBy(() -> take(Move::finish)).hasMessageContaining("Run `move --switch` first");
        take(Move::copy, Move::switchOver, Move::switchOver);
        assertThatThrownBy(() -> take(Move::copy)).hasMessageContaining("Run `move --switch` again");
        assertThatThrownBy(() -> take(Move::rollBack)).hasMessageContaining("Move the tables back");
        assertThatThrownBy(() -> take(target.connections, source.connections, Move::copy, 3))
                .hasMessageContaining("Run its step `--finish` first");
    }

    @Test
    void aUsedTargetIsRefused() {
        target.addShelf(UUID.randomUUID(), "mine");
        assertThatThrownBy(() -> take(Move::copy)).hasMessageContaining(schema + ".shelf of the target has rows");
    }

    @Test
    void otherTablesAreRefused() {
        source.database.execute("CREATE TABLE " + schema + ".extra (id bigint PRIMARY KEY)");
        assertThatThrownBy(() -> take(Move::copy)).hasMessageContaining("The tables of " + schema + " differ");
    }

    @Test
    void oneMoveAtATime() {
        assertThatThrownBy(() -> take(source.connections, target.connections, move -> take(Move::copy), 3))
                .hasMessageContaining("Another move");
        assertThatThrownBy(() -> take(source.connections, source.connections, Move::copy, 3))
                .hasMessageContaining("the same database");
    }

    @Test
    void programsWaitForTheirTables() {
        TablesCheck there = new TablesCheck(
                target.database,
                new Migrations(
                        target.connections,
                        DatabaseAddress.parse(System.getenv("TEST_TARGET_DATABASE_URL")),
                        List.of(schema),
                        Stream.empty()));
        there.run();
        take(Move::copy);
        assertThatThrownBy(there::run).hasMessageContaining(schema + ".arriving_shelf");
        take(Move::switchOver);
        there.run();
        TablesCheck here = new TablesCheck(
                source.database,
                new Migrations(
                        source.connections,
                        DatabaseAddress.parse(System.getenv("TEST_DATABASE_URL")),
                        List.of(schema),
                        Stream.empty()));
        assertThatThrownBy(here::run).hasMessageContaining(schema + ".moved_shelf");
        assertThatThrownBy(source::shelves).isInstanceOf(TableMissing.class);
    }
}
