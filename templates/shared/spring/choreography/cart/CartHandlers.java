package com.example.shop.app;

import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.cart.Carts;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.choreography.OrderEvent;

/** Removes ordered items from the cart once the order is confirmed. */
@Component
class CartHandlers implements EventHandler {

    static final Set<String> TYPES = Set.of("OrderConfirmed");
    private final Carts carts;
    private final JsonMapper json;

    CartHandlers(Carts carts, JsonMapper json) {
        this.carts = carts;
        this.json = json;
    }

    @Override
    public void handle(Event event) {
        OrderEvent confirmed = json.readValue(event.data(), OrderEvent.class);
        carts.removeRevisions(confirmed.userId(), confirmed.cartRevisions());
    }
}
