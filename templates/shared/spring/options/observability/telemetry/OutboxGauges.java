package com.example.shop.chassis.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.messaging.Outbox;

/** Gauges of the outboxes. They are read when Prometheus scrapes; what takes too long or fails has no value. */
@Component
class OutboxGauges implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutboxGauges.class);
    // Short, because Prometheus waits for them.
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private final List<Outbox> outboxes;
    private final MultiGauge waiting;
    private final MultiGauge oldest;
    private final MultiGauge dead;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Future<Map<String, Outbox.Backlog>> reading;

    OutboxGauges(List<Outbox> outboxes, MeterRegistry registry) {
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

    /** Reads the outboxes. */
    synchronized void refresh() {
        // A slow read continues, and the next scrape may get its result.
        Future<Map<String, Outbox.Backlog>> current = reading == null ? executor.submit(this::read) : reading;
        reading = current;
        try {
            show(current.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
            reading = null;
        } catch (TimeoutException slow) {
            log.warn("Reading the outboxes timed out");
            show(Map.of());
        } catch (ExecutionException failure) {
            log.warn("Reading the outboxes failed: {}", failure.getMessage());
            show(Map.of());
            reading = null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private Map<String, Outbox.Backlog> read() {
        return outboxes.stream().collect(Collectors.toMap(Outbox::schema, Outbox::backlog));
    }

    private void show(Map<String, Outbox.Backlog> backlogs) {
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
