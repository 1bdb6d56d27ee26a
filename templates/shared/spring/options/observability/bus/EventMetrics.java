package com.example.shop.chassis.messaging.bus;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Counts the events of the consumer groups of this process. */
@Component
class EventMetrics {

    private final Map<EventOutcome, AtomicLong> counts = new EnumMap<>(EventOutcome.class);

    EventMetrics(MeterRegistry registry) {
        for (EventOutcome outcome : EventOutcome.values()) {
            AtomicLong count = new AtomicLong();
            counts.put(outcome, count);
            Gauge.builder("bus.events", count, AtomicLong::get)
                    .description("Events by outcome since this process started.")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    @EventListener
    void count(EventOutcome outcome) {
        Objects.requireNonNull(counts.get(outcome)).incrementAndGet();
    }
}
