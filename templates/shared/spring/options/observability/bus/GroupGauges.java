package com.example.shop.chassis.messaging.bus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.telemetry.ScrapedGauges;

/** Gauges of the consumer groups that this process belongs to. */
@Component
class GroupGauges extends ScrapedGauges<GroupGauges.Backlog> {

    private final BusAdministration bus;
    private final DeadLetters deadLetters;
    private final List<String> groups;
    private final MultiGauge lag;
    private final MultiGauge dead;
    private final MultiGauge age;

    /** The events that a group has not handled yet, its dead letters, and the age of the oldest in seconds. */
    record Backlog(long lag, int dead, double age) {}

    GroupGauges(
            BusSettings settings,
            BusConnection connection,
            Publisher publisher,
            BusAdministration bus,
            @Value("${shop.contexts}") List<String> contexts,
            MeterRegistry registry) {
        super("the consumer groups");
        this.bus = bus;
        this.deadLetters = new DeadLetters(settings, connection, publisher);
        // A group has the name of its context. Brokers refuse to answer about groups of other services.
        this.groups = settings.handlesEvents()
                ? settings.groups().keySet().stream().filter(contexts::contains).toList()
                : List.of();
        this.lag = MultiGauge.builder("bus.lag")
                .description("Events that a group has not handled yet, retries included.")
                .register(registry);
        this.dead = MultiGauge.builder("bus.dead.letters")
                .description("Dead letters of a group.")
                .register(registry);
        this.age = MultiGauge.builder("bus.dead.letter.age")
                .baseUnit("seconds")
                .description("Age of the oldest dead letter.")
                .register(registry);
    }

    @Override
    protected Map<String, Backlog> read() {
        Map<String, Backlog> found = new HashMap<>();
        if (!groups.isEmpty()) {
            bus.lags(groups).forEach((group, waiting) -> {
                Collection<StoredMessage> letters =
                        deadLetters.read(Set.of(group)).values();
                found.put(group, new Backlog(waiting, letters.size(), ageOfOldest(letters)));
            });
        }
        return found;
    }

    private static double ageOfOldest(Collection<StoredMessage> letters) {
        return letters.stream()
                .mapToDouble(
                        letter -> Duration.between(letter.time(), Instant.now()).toMillis() / 1000.0)
                .max()
                .orElse(0);
    }

    @Override
    protected void show(Map<String, Backlog> backlogs) {
        lag.register(rows("group", backlogs, Backlog::lag), true);
        dead.register(rows("group", backlogs, Backlog::dead), true);
        age.register(rows("group", backlogs, Backlog::age), true);
    }
}
