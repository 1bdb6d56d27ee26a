package com.example.shop.app;

import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.choreography.OrderReference;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderRepository;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.RejectionReason;

/** Confirms or rejects orders. An event that arrives after the decision has no effect. */
@Component
class OrderHandlers implements EventHandler {

    static final Set<String> TYPES = Set.of("PaymentDebited", "PaymentDeclined", "StockRefused");
    private final OrderRepository orders;
    private final JsonMapper json;

    OrderHandlers(OrderRepository orders, JsonMapper json) {
        this.orders = orders;
        this.json = json;
    }

    @Override
    public void handle(Event event) {
        OrderReference about = json.readValue(event.data(), OrderReference.class);
        // Each event was published after its order was stored.
        OrderRecord order = orders.find(about.userId(), about.orderId()).orElseThrow();
        orders.change(
                switch (event.type()) {
                    case "PaymentDebited" -> order.withState(OrderState.CONFIRMED);
                    case "PaymentDeclined" -> order.rejected(RejectionReason.PAYMENT_DECLINED);
                    default -> order.rejected(RejectionReason.OUT_OF_STOCK);
                });
    }
}
