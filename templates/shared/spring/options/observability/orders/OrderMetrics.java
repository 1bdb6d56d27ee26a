package com.example.shop.orders;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Counts the orders that reach a state. */
@Component
class OrderMetrics {

    private final Counter.Builder orders =
            Counter.builder("orders").description("Orders that reached a state, by the reason for it.");
    private final MeterRegistry registry;

    OrderMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @TransactionalEventListener
    void count(OrderChanged changed) {
        String reason = changed.reason() == null ? "" : changed.reason().code();
        orders.withRegistry(registry)
                .withTags("state", changed.state().name(), "reason", reason)
                .increment();
    }
}
