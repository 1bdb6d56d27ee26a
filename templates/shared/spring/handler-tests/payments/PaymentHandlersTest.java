package com.example.shop.app;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.TestBeans;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.TestEvents;
import com.example.shop.choreography.OrderEvent;
import com.example.shop.choreography.OrderReference;
import com.example.shop.choreography.PaymentDebited;
import com.example.shop.choreography.StockReserved;
import com.example.shop.payments.Ledger;
import com.example.shop.payments.PaymentSteps;

import static org.assertj.core.api.Assertions.assertThat;

/** Orders are debited once their units are reserved, and refunded if they end otherwise. */
class PaymentHandlersTest {

    private static final Money TOTAL = new Money(300, "EUR");
    private final TestDatabase database = new TestDatabase("payments", "payments_service");
    private final TestEvents events = new TestEvents(database, "payments_service");
    private final EventHandler handlers;
    private final UUID order = Ids.next();
    private final UUID user = Ids.next();

    PaymentHandlersTest() {
        TestBeans beans = new TestBeans(database);
        beans.make(Ledger.class);
        PaymentSteps payments = beans.make(PaymentSteps.class);
        ShopSettings settings = new ShopSettings("EUR");
        handlers = TestEvents.only(
                PaymentHandlers.TYPES, new PaymentHandlers(payments, events.outbox, events.json, settings));
    }

    @BeforeEach
    void openWallet() {
        database.template.update("INSERT INTO payments.wallet (user_id, balance) VALUES (?, 1000)", user);
    }

    private void reserved(Money total) {
        StockReserved data = new StockReserved(order, user, total);
        events.deliver(handlers, "StockReserved", StockReserved.VERSION, data);
    }

    private void ended(String type) {
        OrderEvent.Content content = new OrderEvent.Content(order, List.of(), TOTAL);
        events.deliver(handlers, type, 1, new OrderEvent(user, content, Map.of()));
    }

    private Long balance() {
        return database.client
                .sql("SELECT balance FROM payments.wallet")
                .query(Long.class)
                .single();
    }

    @Test
    void anOrderIsDebitedOnceItsUnitsAreReserved() {
        reserved(TOTAL);
        assertThat(balance()).isEqualTo(700);
        assertThat(events.published()).containsExactly("PaymentDebited");
        assertThat(events.newest(PaymentDebited.class)).isEqualTo(new PaymentDebited(order, user, 300));
    }

    @Test
    void anOrderBeyondTheBalanceIsDeclined() {
        reserved(new Money(1001, "EUR"));
        assertThat(balance()).isEqualTo(1000);
        assertThat(events.published()).containsExactly("PaymentDeclined");
        assertThat(events.newest(OrderReference.class)).isEqualTo(new OrderReference(order, user));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OrderRejected", "OrderCancelled"})
    void anOrderThatEndsOtherwiseIsRefundedOnce(String type) {
        reserved(TOTAL);
        ended(type);
        ended(type);
        assertThat(balance()).isEqualTo(1000);
    }

    /** The two events come from two topics. */
    @Test
    void anOrderThatIsAlreadyRejectedIsNotDebited() {
        ended("OrderRejected");
        reserved(TOTAL);
        assertThat(balance()).isEqualTo(1000);
        assertThat(events.published()).containsExactly("PaymentDeclined");
    }
}
