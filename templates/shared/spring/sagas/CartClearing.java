package com.example.shop.sagas;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;

/** Removes ordered items from the cart once the order is confirmed. A repeated event has no further effect. */
@Component
class CartClearing implements EventHandler {

    private final OrderedItems items;
    private final JsonMapper json;

    CartClearing(OrderedItems items, JsonMapper json) {
        this.items = items;
        this.json = json;
    }

    /** The part of an order event's data that says what was ordered. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Ordered(UUID userId, Map<String, UUID> cartRevisions) {}

    @Override
    public void handle(Event event) {
        if (event.type().equals("OrderConfirmed")) {
            Ordered ordered = json.readValue(event.data(), Ordered.class);
            if (!ordered.cartRevisions.isEmpty()) {
                items.remove(ordered.userId, ordered.cartRevisions);
            }
        }
    }
}
