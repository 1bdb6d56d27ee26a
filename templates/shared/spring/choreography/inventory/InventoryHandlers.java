package com.example.shop.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.choreography.OrderEvent;
import com.example.shop.choreography.OrderReference;
import com.example.shop.choreography.StockReserved;
import com.example.shop.inventory.ReservationSteps;

/** Reserves units for placed orders, and commits, releases or returns them when the order is decided. */
@Component
class InventoryHandlers implements EventHandler {

    static final Set<String> TYPES = Set.of("OrderPlaced", "OrderConfirmed", "OrderRejected", "OrderCancelled");
    private final ReservationSteps reservations;
    private final Outbox outbox;
    private final JsonMapper json;

    InventoryHandlers(ReservationSteps reservations, Outbox inventoryOutbox, JsonMapper json) {
        this.reservations = reservations;
        this.outbox = inventoryOutbox;
        this.json = json;
    }

    @Override
    public void handle(Event event) {
        OrderEvent about = json.readValue(event.data(), OrderEvent.class);
        UUID orderId = about.order().id();
        switch (event.type()) {
            case "OrderPlaced" -> reserve(about);
            case "OrderConfirmed" -> reservations.commit(List.of(orderId));
            case "OrderRejected" -> reservations.release(orderId);
            case "OrderCancelled" -> reservations.restock(orderId);
            default -> throw new IllegalArgumentException(event.type());
        }
    }

    private void reserve(OrderEvent placed) {
        OrderEvent.Content order = placed.order();
        Map<String, Integer> quantities = new LinkedHashMap<>();
        order.items().forEach(line -> quantities.put(line.sku(), line.quantity()));
        String key = order.id().toString();
        if (reservations.reserve(Map.of(order.id(), quantities)).contains(order.id())) {
            StockReserved reserved = new StockReserved(order.id(), placed.userId(), order.total());
            outbox.append("StockReserved", StockReserved.VERSION, key, reserved);
        } else {
            outbox.append("StockRefused", key, new OrderReference(order.id(), placed.userId()));
        }
    }
}
