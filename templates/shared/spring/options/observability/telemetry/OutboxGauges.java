package com.example.shop.chassis.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.messaging.Outbox;

/** Gauges of the outboxes. */
class OutboxGauges extends ScrapedGauges<Outbox.Backlog> {

    private final List<Outbox> outboxes;
    private final MultiGauge waiting;
    private final MultiGauge oldest;
    private final MultiGauge dead;

    OutboxGauges(List<Outbox> outboxes, MeterRegistry registry) {
        super("the outboxes");
        this.outboxes = outboxes;
        this.waiting = MultiGauge.builder("outbox.waiting")
                .description("Events not yet delivered.")
                .register(registry);
        this.oldest = MultiGauge.builder("outbox.oldest")
                .baseUnit("seconds")
                .description("Age of the oldest event not yet delivered.")
                .register(registry);
        this.dead = MultiGauge.builder("outbox.dead.letters")
                .description("Events that could not be delivered.")
                .register(registry);
    }

    @Override
    protected Map<String, Outbox.Backlog> read() {
        return outboxes.stream().collect(Collectors.toMap(Outbox::schema, Outbox::backlog));
    }

    @Override
    protected void show(Map<String, Outbox.Backlog> backlogs) {
        waiting.register(rows(backlogs, Outbox.Backlog::waiting), true);
        oldest.register(rows(backlogs, OutboxGauges::age), true);
        dead.register(rows(backlogs, backlog -> backlog.dead().size()), true);
    }

    private static List<MultiGauge.Row<?>> rows(
            Map<String, Outbox.Backlog> backlogs, ToDoubleFunction<Outbox.Backlog> value) {
        Function<Map.Entry<String, Outbox.Backlog>, MultiGauge.Row<?>> row =
                each -> MultiGauge.Row.of(Tags.of("outbox", each.getKey()), value.applyAsDouble(each.getValue()));
        return backlogs.entrySet().stream().<MultiGauge.Row<?>>map(row).toList();
    }

    private static double age(Outbox.Backlog backlog) {
        return backlog.oldest() == null
                ? 0
                : Duration.between(backlog.oldest(), Clock.now()).toMillis() / 1000.0;
    }
}
