package com.example.shop.chassis.database;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.startup.Command;

/**
 * Moves contexts from SOURCE_DATABASE_URL to DATABASE_URL, one step at a time: {@code move --copy=payments}, then
 * {@code --switch}, and {@code --finish}; before the switch, {@code --roll-back} undoes it.
 */
@Component
class MoveCommand implements Command {

    private static final Map<String, Consumer<Move>> STEPS = new TreeMap<>(Map.of(
            "copy", Move::copy, "switch", Move::switchOver, "roll-back", Move::rollBack, "finish", Move::finish));

    private final ApplicationArguments arguments;
    private final JdbcConnectionDetails target;
    private final String sourceUrl;
    private final Migrations migrations;
    private final SQLExceptionTranslator translator;

    MoveCommand(
            ApplicationArguments arguments,
            JdbcConnectionDetails target,
            @Value("${SOURCE_DATABASE_URL:}") String sourceUrl,
            Migrations migrations,
            SQLExceptionTranslator translator) {
        this.arguments = arguments;
        this.target = target;
        this.sourceUrl = sourceUrl;
        this.migrations = migrations;
        this.translator = translator;
    }

    @Override
    public String name() {
        return "move";
    }

    @Override
    public void run() {
        String step = STEPS.keySet().stream()
                .filter(each -> !contexts(each).isEmpty())
                .findFirst()
                .orElseThrow(
                        () -> new MoveRefused("Specify a step with contexts, such as --copy=payments. The steps are "
                                + String.join(", ", STEPS.keySet()) + '.'));
        List<String> contexts = contexts(step);
        if (!migrations.contexts().containsAll(contexts)) {
            throw new MoveRefused("This service does not have all of " + String.join(", ", contexts) + ". It has "
                    + String.join(", ", migrations.contexts()) + '.');
        }
        if (Dialect.of(target) == Dialect.H2) {
            throw new MoveRefused("An embedded database is for development. Set DATABASE_URL.");
        }
        if (sourceUrl.isEmpty()) {
            throw new MoveRefused("Set SOURCE_DATABASE_URL to the database that the contexts leave.");
        }
        DataSource source = Migrations.withoutTimeLimits(DatabaseAddress.parse(sourceUrl));
        try (Move move = Move.open(
                source, Migrations.withoutTimeLimits(target), contexts, translator, System.out::println, Move.BATCH)) {
            Objects.requireNonNull(STEPS.get(step)).accept(move);
        }
    }

    private List<String> contexts(String step) {
        return Objects.requireNonNullElse(arguments.getOptionValues(step), List.<String>of()).stream()
                .flatMap(each -> Stream.of(each.split(",")))
                .toList();
    }
}
