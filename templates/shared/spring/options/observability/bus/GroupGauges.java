package com.example.shop.chassis.messaging.bus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.telemetry.ScrapedGauges;

/** Gauges of the consumer groups of this process: how far behind they are, and their dead letters. */
@Component
class GroupGauges extends ScrapedGauges<GroupGauges.State> {

    private final Bus bus;
    private final BusAdministration administration;
    private final DeadLetters deadLetters;
    private final MultiGauge lag;
    private final MultiGauge dead;
    private final MultiGauge oldest;
    private DeadLetters.@Nullable Reader<Instant> reader;

    /** The gauges of a group; the age of its oldest dead letter is in seconds, or 0. */
    record State(long lag, long dead, double oldest) {}

    GroupGauges(Bus bus, BusAdministration administration, DeadLetters deadLetters, MeterRegistry registry) {
        super("the consumer groups");
        this.bus = bus;
        this.administration = administration;
        this.deadLetters = deadLetters;
        this.lag = MultiGauge.builder("bus.lag")
                .description("Events that a group has not handled yet, retries included.")
                .register(registry);
        this.dead = MultiGauge.builder("bus.dead.letters")
                .description("Dead letters of a group.")
                .register(registry);
        this.oldest = MultiGauge.builder("bus.dead.letter.age")
                .baseUnit("seconds")
                .description("Age of the oldest dead letter.")
                .register(registry);
    }

    @Override
    protected Map<String, State> read() {
        Set<String> groups = bus.joined();
        if (groups.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> lags = administration.lags(groups);
        if (reader == null) {
            reader = deadLetters.times(groups);
        }
        Map<String, Instant> letters = reader.read();
        Map<String, State> states = new HashMap<>();
        for (String group : groups) {
            List<Instant> times = letters.entrySet().stream()
                    .filter(each -> DeadLetters.isOf(group, each.getKey()))
                    .map(Map.Entry::getValue)
                    .sorted()
                    .toList();
            double age = times.isEmpty()
                    ? 0
                    : Duration.between(times.getFirst(), Instant.now()).toMillis() / 1000.0;
            states.put(group, new State(lags.getOrDefault(group, 0L), times.size(), age));
        }
        return states;
    }

    @Override
    protected void show(Map<String, State> states) {
        lag.register(rows(states, State::lag), true);
        dead.register(rows(states, State::dead), true);
        oldest.register(rows(states, State::oldest), true);
    }

    private static List<MultiGauge.Row<?>> rows(Map<String, State> states, ToDoubleFunction<State> value) {
        return states.entrySet().stream()
                .<MultiGauge.Row<?>>map(each ->
                        MultiGauge.Row.of(Tags.of("group", each.getKey()), value.applyAsDouble(each.getValue())))
                .toList();
    }

    @Override
    public void close() {
        super.close();
        if (reader != null) {
            reader.close();
        }
    }
}
