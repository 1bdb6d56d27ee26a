package com.example.shop.chassis.database;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * The move of schemas to another database, while the shop runs.
 *
 * <p>{@link #copy} makes triggers that log the keys of changed rows. Then it copies all rows, and then the changed ones.
 * {@link #switchOver} renames the tables of the source, so that no program can use them any longer. It copies the last
 * changes, compares both sides, and gives the tables of the target their names. Before that, {@link #rollBack} undoes
 * everything; after it, another move leads back.
 *
 * <p>The names of the tables are the state of the move, so a step that was interrupted is simply run again.
 */
final class Move implements AutoCloseable {

    static final int BATCH = 1000;
    private static final String HISTORY = "flyway_schema_history";
    private static final int ATTEMPTS = 60;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private final MoveSide source;
    private final MoveSide target;
    private final List<String> schemas;
    private final Consumer<String> report;
    private final List<MovingTable> tables;
    private final RowCopy copy;
    private final RowComparison comparison;

    Move(MoveSide source, MoveSide target, List<String> schemas, Consumer<String> report, int batch) {
        this.source = source;
        this.target = target;
        this.schemas = schemas;
        this.report = report;
        this.tables = tables();
        this.copy = new RowCopy(source, target, tables, batch);
        this.comparison = new RowComparison(source, target, tables, copy, batch, report);
    }

    /** Connects to both databases; throws {@link MoveRefused} if another move is running. */
    static Move open(
            DataSource source,
            DataSource target,
            List<String> schemas,
            SQLExceptionTranslator translator,
            Consumer<String> report,
            int batch) {
        MoveSide left = new MoveSide(source, translator);
        MoveSide arriving = new MoveSide(target, translator);
        try {
            left.begin(ServerMove.SOURCE_SESSION, "Another move from this source is running.");
            arriving.begin(
                    ServerMove.TARGET_SESSION, "Both URLs lead to the same database, where nothing needs to move.");
            return new Move(left, arriving, schemas, report, batch);
        } catch (RuntimeException failure) {
            left.close();
            arriving.close();
            throw failure;
        }
    }

    /** Copies all rows, and then those that change meanwhile, until less than a batch of changes is left. */
    void copy() {
        TablePlace there = place(target);
        TablePlace here = place(source);
        if (here == TablePlace.MOVED) {
            throw new MoveRefused("The source is closed already. Run `move --switch` again.");
        }
        if (here == null) {
            throw new MoveRefused("The source does not have the tables. Check SOURCE_DATABASE_URL.");
        }
        if (there == null) {
            throw new MoveRefused("The target does not have the tables. Run `migrate` first.");
        }
        if (there == TablePlace.MOVED) {
            throw new MoveRefused("The target has the old tables of another move. Run its step `--finish` first.");
        }
        if (there == TablePlace.IN_USE) {
            prepareTarget();
        }
        for (MovingTable table : tables) {
            inSource(Stream.concat(
                            ServerMove.createLog(table, TablePlace.MOVED.log).stream(),
                            ServerMove.logChanges(table).stream())
                    .toList());
        }
        copy.copyAll();
        copy.catchUp();
        report.accept("All rows are copied. Changes are logged until `--switch` or `--roll-back`.");
    }

    /** Compares both sides, closes the source, copies and compares the last changes, and opens the target. */
    void switchOver() {
        TablePlace there = place(target);
        TablePlace here = place(source);
        if (there == TablePlace.IN_USE && here == TablePlace.MOVED) {
            complete();
            report.accept("The tables are in use in the target.");
            return;
        }
        if (there != TablePlace.ARRIVING) {
            throw new MoveRefused("Nothing is copied. Run `move --copy` first.");
        }
        if (here == TablePlace.IN_USE) {
            copy();
            comparison.compareInUse();
            copy.catchUp();
            renameInSource(TablePlace.IN_USE, TablePlace.MOVED);
        }
        Instant closed = Instant.now();
        int copied;
        do {
            copied = copy.copyChanges(TablePlace.MOVED.prefix);
        } while (copied > 0);
        List<MovingTable> different = comparison.differences();
        if (!different.isEmpty()) {
            renameInSource(TablePlace.MOVED, TablePlace.IN_USE);
            throw new MoveRefused("The source is in use again, because these tables differ: " + joined(different)
                    + ". Run `move --roll-back`, and copy again.");
        }
        openTarget();
        long millis = Duration.between(closed, Instant.now()).toMillis();
        complete();
        report.accept(
                "All tables are equal, and in use in the target. No program had them for %.1f s. Stop the programs"
                                .formatted(millis / 1000.0)
                        + " that use the source.");
    }

    /** Undoes the move before the switch: the source stays in use, and the target loses the schemas. */
    void rollBack() {
        TablePlace there = place(target);
        TablePlace here = place(source);
        if (here == TablePlace.MOVED && there == TablePlace.IN_USE) {
            throw new MoveRefused("The target is in use. Move the tables back with the URLs exchanged.");
        }
        if (here == TablePlace.MOVED) {
            renameInSource(TablePlace.MOVED, TablePlace.IN_USE);
        }
        if (there == TablePlace.ARRIVING) {
            // Before the logs: without them, rows that changed would stay as they were copied.
            drop(target);
        }
        for (MovingTable table : tables) {
            List<String> statements = new ArrayList<>(ServerMove.stopLogging(table));
            statements.add("DROP TABLE IF EXISTS " + table.named(TablePlace.MOVED.log));
            inSource(statements);
        }
        report.accept("The move is undone, and the tables are in use in the source.");
    }

    /** Drops the schemas of the source, which nothing can use since the switch. */
    void finish() {
        TablePlace there = place(target);
        TablePlace here = place(source);
        if (there != TablePlace.IN_USE || here == TablePlace.IN_USE) {
            throw new MoveRefused("The target is not in use yet. Run `move --switch` first.");
        }
        drop(source);
        report.accept("Dropped from the source: " + String.join(", ", schemas) + '.');
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }

    private void prepareTarget() {
        for (MovingTable table : tables) {
            if (!target.rows(table, "", MovingTable.Condition.ALWAYS, 1).isEmpty()) {
                throw new MoveRefused(
                        table + " of the target has rows. Stop the programs that use it, and delete the rows.");
            }
        }
        target.transaction.executeWithoutResult(status -> {
            for (MovingTable table : tables) {
                run(target, ServerMove.createLog(table, TablePlace.ARRIVING.log));
                run(target, ServerMove.detach(target.database, table));
            }
            run(target, ServerMove.rename(tables, TablePlace.IN_USE.prefix, TablePlace.ARRIVING.prefix));
        });
    }

    private void openTarget() {
        List<String> attached = tables.stream()
                .flatMap(table -> ServerMove.attach(source.database, table).stream())
                .toList();
        target.transaction.executeWithoutResult(status -> {
            run(target, ServerMove.rename(tables, TablePlace.ARRIVING.prefix, TablePlace.IN_USE.prefix));
            run(target, attached);
        });
    }

    /** Does what can follow while the tables are in use in the target. */
    private void complete() {
        for (MovingTable table : tables) {
            run(target, List.of("DROP TABLE IF EXISTS " + table.named(TablePlace.ARRIVING.log)));
            run(target, ServerMove.validate(target.database, table));
        }
    }

    private void renameInSource(TablePlace old, TablePlace current) {
        inSource(ServerMove.rename(tables, old.prefix, current.prefix));
    }

    /** Runs the statements in one transaction, as soon as it gets its locks. */
    private void inSource(List<String> statements) {
        for (int attempt = 1; ; attempt++) {
            try {
                source.transaction.executeWithoutResult(status -> run(source, statements));
                return;
            } catch (TransientDataAccessException busy) {
                if (attempt == ATTEMPTS) {
                    throw new MoveRefused("Transactions of the source are too long. Try again later.", busy);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void run(MoveSide side, List<String> statements) {
        statements.forEach(side.database::execute);
    }

    private void drop(MoveSide side) {
        run(side, schemas.stream().map(ServerMove::dropSchema).toList());
    }

    /** Returns the tables, which are the same on both sides if both have them. */
    private List<MovingTable> tables() {
        List<MovingTable> all = new ArrayList<>();
        for (String schema : schemas) {
            List<MovingTable> here = tables(source, schema);
            List<MovingTable> there = tables(target, schema);
            if (!here.isEmpty() && !there.isEmpty() && !here.equals(there)) {
                throw new MoveRefused(
                        "The tables of " + schema + " differ. Run `migrate` of the same release for both.");
            }
            all.addAll(there.isEmpty() ? here : there);
        }
        return all;
    }

    private static List<MovingTable> tables(MoveSide side, String schema) {
        Set<String> names = names(side, schema);
        return new TreeSet<>(names)
                .stream()
                        .filter(name -> !isLog(name, names))
                        .map(name -> {
                            TablePlace place = TablePlace.of(name, names);
                            return MovingTable.find(side.database, schema, place.plain(name), place);
                        })
                        .toList();
    }

    private static Set<String> names(MoveSide side, String schema) {
        return TablesCheck.names(side.database, List.of(schema)).getOrDefault(schema, Set.of()).stream()
                .filter(name -> !name.equals(HISTORY))
                .collect(Collectors.toSet());
    }

    private static boolean isLog(String name, Set<String> names) {
        return Stream.of(TablePlace.MOVED, TablePlace.ARRIVING)
                .filter(place -> name.startsWith(place.log))
                .map(place -> name.substring(place.log.length()))
                .anyMatch(
                        plain -> Stream.of(TablePlace.values()).anyMatch(each -> names.contains(each.prefix + plain)));
    }

    /** Returns the place of all tables on one side, or null if it does not have them. */
    private @Nullable TablePlace place(MoveSide side) {
        Map<String, Set<String>> names =
                schemas.stream().collect(Collectors.toMap(schema -> schema, schema -> names(side, schema)));
        return Stream.of(TablePlace.values())
                .filter(place -> !tables.isEmpty()
                        && tables.stream()
                                .allMatch(table -> isAt(place, table, names.getOrDefault(table.schema(), Set.of()))))
                .findFirst()
                .orElse(null);
    }

    private static boolean isAt(TablePlace place, MovingTable table, Set<String> names) {
        String name = place.prefix + table.name();
        return names.contains(name) && TablePlace.of(name, names) == place;
    }

    private static String joined(List<MovingTable> tables) {
        return tables.stream().map(MovingTable::toString).collect(Collectors.joining(", "));
    }
}
