package com.example.shop.app;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.TestEvents;
import com.example.shop.choreography.OrderReference;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.RejectionReason;
import com.example.shop.orders.TestOrders;

import static org.assertj.core.api.Assertions.assertThat;

/** The first result of inventory or payments decides an order. */
class OrderHandlersTest {

    private final TestDatabase database = new TestDatabase("orders");
    private final TestOrders orders = new TestOrders(database);
    private final TestEvents events = new TestEvents(database, "orders");
    private final EventHandler handlers =
            TestEvents.only(OrderHandlers.TYPES, new OrderHandlers(orders.repository, events.json));
    private final OrderRecord order = TestOrders.pending();

    @BeforeEach
    void place() {
        new EventOrderProcessor(database.transactions, orders.repository).place(order, TestOrders.request(order));
    }

    private void deliver(String type) {
        events.deliver(handlers, type, 1, new OrderReference(order.order().id(), order.userId()));
    }

    @Test
    void aPaidOrderIsConfirmed() {
        deliver("PaymentDebited");
        assertThat(orders.stored(order).state()).isEqualTo(OrderState.CONFIRMED);
        assertThat(events.published()).containsExactly("OrderPlaced", "OrderConfirmed");
    }

    @ParameterizedTest
    @CsvSource({"StockRefused, OUT_OF_STOCK", "PaymentDeclined, PAYMENT_DECLINED"})
    void aRefusedOrderIsRejected(String type, RejectionReason reason) {
        deliver(type);
        assertThat(orders.stored(order).reason()).isEqualTo(reason);
        assertThat(events.published()).containsExactly("OrderPlaced", "OrderRejected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PaymentDebited", "PaymentDeclined"})
    void aResultAfterTheDecisionHasNoEffect(String late) {
        deliver("StockRefused");
        deliver(late);
        assertThat(orders.stored(order).reason()).isEqualTo(RejectionReason.OUT_OF_STOCK);
        assertThat(events.published()).containsExactly("OrderPlaced", "OrderRejected");
    }
}
