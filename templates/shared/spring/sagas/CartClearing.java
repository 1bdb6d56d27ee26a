package com.example.shop.sagas;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.tracing.Traces;

/** Removes ordered items from the cart once the order is confirmed. A repeated event has no further effect. */
@Component
class CartClearing implements EventHandler {

    private final OrderedItems items;
    private final JsonMapper json;
    private final Traces traces;

    CartClearing(OrderedItems items, JsonMapper json, Traces traces) {
        this.items = items;
        this.json = json;
        this.traces = traces;
    }

    /** The part of an order event's data that says what was ordered. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Ordered(UUID userId, Map<String, UUID> cartRevisions) {}

    @Override
    public void handle(Event event) {
        if (event.type().equals("OrderConfirmed")) {
            Ordered ordered = json.readValue(event.data(), Ordered.class);
            if (!ordered.cartRevisions.isEmpty()) {
                traces.continuing(
                        "deliver " + event.type(),
                        event.traceparent(),
                        () -> items.remove(ordered.userId, ordered.cartRevisions));
            }
        }
    }
}
