package com.example.shop.app;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.choreography.OrderEvent;
import com.example.shop.choreography.OrderReference;
import com.example.shop.choreography.PaymentDebited;
import com.example.shop.choreography.StockReserved;
import com.example.shop.payments.PaymentSteps;

/**
 * Debits orders whose units are reserved, and refunds orders that are rejected or cancelled.
 *
 * <p>OrderRejected may arrive before StockReserved, because they come from two topics. The ledger records the rejection
 * and then declines the debit.
 */
@Component
class PaymentHandlers implements EventHandler {

    static final Set<String> TYPES = Set.of("StockReserved", "OrderRejected", "OrderCancelled");
    private final PaymentSteps payments;
    private final Outbox outbox;
    private final JsonMapper json;
    private final String currency;

    PaymentHandlers(PaymentSteps payments, Outbox paymentsOutbox, JsonMapper json, ShopSettings settings) {
        this.payments = payments;
        this.outbox = paymentsOutbox;
        this.json = json;
        this.currency = settings.currency();
    }

    @Override
    public void handle(Event event) {
        if (event.type().equals("StockReserved")) {
            debit(StockReserved.of(event, json, currency));
        } else {
            OrderEvent ended = json.readValue(event.data(), OrderEvent.class);
            payments.refund(ended.userId(), ended.order().id());
        }
    }

    private void debit(StockReserved reserved) {
        UUID orderId = reserved.orderId();
        UUID userId = reserved.userId();
        long amount = reserved.total().amount();
        if (payments.debit(List.of(new PaymentSteps.Debit(userId, orderId, amount)))
                .contains(orderId)) {
            outbox.append("PaymentDebited", orderId.toString(), new PaymentDebited(orderId, userId, amount));
        } else {
            outbox.append("PaymentDeclined", orderId.toString(), new OrderReference(orderId, userId));
        }
    }
}
