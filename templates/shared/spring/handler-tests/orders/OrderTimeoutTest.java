package com.example.shop.app;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestBeans;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.TestEvents;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.OverdueOrders;
import com.example.shop.orders.RejectionReason;
import com.example.shop.orders.TestOrders;

import static org.assertj.core.api.Assertions.assertThat;

/** An order that waits for other services for too long is rejected. */
class OrderTimeoutTest {

    private final TestDatabase database = new TestDatabase("orders");
    private final TestOrders orders = new TestOrders(database);
    private final TestEvents events = new TestEvents(database, "orders");
    private final EventOrderProcessor processor = new EventOrderProcessor(database.transactions, orders.repository);

    private OrderRecord place() {
        OrderRecord order = TestOrders.pending();
        return processor.place(order, TestOrders.request(order));
    }

    private void rejectOverdue(Duration patience) {
        TestBeans beans = new TestBeans(database);
        beans.add(orders.repository);
        new OrderTimeout(beans.make(OverdueOrders.class), orders.repository, database.transactions, patience)
                .rejectOverdue();
    }

    @Test
    void aPendingOrderIsRejectedWhenItIsOverdue() {
        OrderRecord order = place();
        rejectOverdue(Duration.ofMinutes(1));
        assertThat(orders.stored(order).state()).isEqualTo(OrderState.PENDING);
        rejectOverdue(Duration.ofMinutes(-1));
        assertThat(orders.stored(order).reason()).isEqualTo(RejectionReason.TIMEOUT);
        assertThat(events.published()).containsExactly("OrderPlaced", "OrderRejected");
    }

    @Test
    void aConfirmedOrderStaysConfirmed() {
        OrderRecord confirmed = place().withState(OrderState.CONFIRMED);
        database.transactions.run(() -> orders.repository.change(confirmed));
        rejectOverdue(Duration.ofMinutes(-1));
        assertThat(orders.stored(confirmed).state()).isEqualTo(OrderState.CONFIRMED);
        assertThat(events.published()).containsExactly("OrderPlaced", "OrderConfirmed");
    }
}
