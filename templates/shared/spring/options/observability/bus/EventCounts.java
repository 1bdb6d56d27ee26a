package com.example.shop.chassis.messaging.bus;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Counts the events that this process has handled, and each attempt that failed. */
@Component
class EventCounts implements ObservationHandler<DeliveryContext> {

    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    EventCounts(MeterRegistry registry) {
        register(registry, "handled", handled);
        register(registry, "failed", failed);
    }

    private static void register(MeterRegistry registry, String outcome, AtomicLong count) {
        Gauge.builder("bus.events", count, AtomicLong::get)
                .description("Events by outcome since this process started.")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof DeliveryContext;
    }

    @Override
    public void onStop(DeliveryContext context) {
        (context.getError() == null ? handled : failed).incrementAndGet();
    }
}
