package com.example.shop.app;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.example.shop.cart.Carts;
import com.example.shop.cart.Products;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.TestBeans;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.inventory.Reservations;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.RejectionReason;
import com.example.shop.orders.TestOrders;
import com.example.shop.payments.Ledger;

import static org.assertj.core.api.Assertions.assertThat;

/** An order takes its units and its money, or neither, and returns both once. */
class TransactionalOrderProcessorTest {

    private static final int ATTEMPTS = 8;
    private final TestDatabase database = new TestDatabase("inventory", "payments", "cart", "orders");
    private final TestOrders orders = new TestOrders(database);
    private final TransactionalOrderProcessor processor;
    private final OrderRecord order = TestOrders.pending();

    TransactionalOrderProcessorTest() {
        TestBeans beans = new TestBeans(database);
        beans.add(new ShopSettings("EUR"));
        beans.<Products>add(skus -> Map.of());
        beans.add(orders.repository);
        beans.make(Reservations.class);
        beans.make(Ledger.class);
        beans.make(Carts.class);
        processor = beans.make(TransactionalOrderProcessor.class);
    }

    @BeforeEach
    void fill() {
        database.template.update(
                "INSERT INTO inventory.stock (sku, on_hand, reserved, supplied) VALUES ('CHAIR', 10, 0, 10)");
        database.template.update("INSERT INTO payments.wallet (user_id, balance) VALUES (?, 1000)", order.userId());
    }

    private OrderRecord place(OrderRecord pending) {
        return processor.place(pending, TestOrders.request(pending));
    }

    private void assertLeft(long units, long balance) {
        assertThat(database.template.queryForObject("SELECT on_hand FROM inventory.stock", Long.class))
                .isEqualTo(units);
        assertThat(database.template.queryForObject("SELECT balance FROM payments.wallet", Long.class))
                .isEqualTo(balance);
    }

    private void assertRejected(RejectionReason reason) {
        assertThat(place(order).order().state()).isEqualTo(OrderState.REJECTED);
        assertThat(orders.stored(order).reason()).isEqualTo(reason);
    }

    private static <T> void together(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (var done : threads.invokeAll(calls)) {
                done.get();
            }
        }
    }

    @Test
    void aConfirmedOrderHasItsUnitsAndIsPaid() {
        assertThat(place(order).order().state()).isEqualTo(OrderState.CONFIRMED);
        assertLeft(8, 700);
    }

    @Test
    void anOrderWithoutMoneyTakesNoUnits() {
        database.template.update("UPDATE payments.wallet SET balance = 299");
        assertRejected(RejectionReason.PAYMENT_DECLINED);
        assertLeft(10, 299);
    }

    @Test
    void anOrderWithoutStockCostsNothing() {
        database.template.update("UPDATE inventory.stock SET on_hand = 1");
        assertRejected(RejectionReason.OUT_OF_STOCK);
        assertLeft(1, 1000);
    }

    @Test
    void concurrentOrdersSpendNoMoreThanTheBalance() throws Exception {
        together(Collections.nCopies(ATTEMPTS, () -> place(TestOrders.pending(order.userId()))));
        assertLeft(4, 100);
    }

    @Test
    void concurrentCancellationsReturnUnitsAndMoneyOnce() throws Exception {
        OrderRecord confirmed = place(order);
        together(Collections.nCopies(ATTEMPTS, () -> processor.cancel(confirmed)));
        assertThat(orders.stored(order).state()).isEqualTo(OrderState.CANCELLED);
        assertLeft(10, 1000);
    }
}
