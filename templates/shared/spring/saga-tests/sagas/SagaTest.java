package com.example.shop.sagas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.tracing.Traces;
import com.example.shop.orders.Order;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.RejectionReason;
import com.example.shop.orders.TestOrders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A saga ends every order, whichever step fails, and in whichever process it goes on. */
class SagaTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final TestDatabase database = new TestDatabase("orders", "sagas");
    private final TestOrders orders = new TestOrders(database);
    private final Providers providers = new Providers();
    private final SagaRepository sagas = repository(PATIENCE);
    private final SagaDefinition definition = new SagaDefinition(sagas, providers, providers);
    private final SagaWorker worker = new SagaWorker(sagas, definition, Traces.NONE);
    private final SagaOrderProcessor processor =
            new SagaOrderProcessor(database.transactions, orders.repository, sagas, worker);

    @AfterEach
    void stop() {
        worker.stop();
    }

    /** Inventory and payments that fail where they are told to, before or after the step. */
    private static class Providers implements Inventory, Payments {
        final List<String> steps = Collections.synchronizedList(new ArrayList<>());
        final Set<String> failing = Collections.synchronizedSet(new HashSet<>());
        final List<String> requestIds = Collections.synchronizedList(new ArrayList<>());
        volatile boolean inStock = true;
        volatile boolean solvent = true;

        private void step(String name) {
            if (failing.remove("before " + name)) {
                throw new IllegalStateException("planted before " + name);
            }
            steps.add(name);
            requestIds.add(String.valueOf(MDC.get("request_id")));
            if (failing.remove("after " + name)) {
                throw new IllegalStateException("planted after " + name);
            }
        }

        @Override
        public boolean reserve(UUID orderId, Map<String, Integer> quantities) {
            step("reserve");
            return inStock;
        }

        @Override
        public void commit(UUID orderId) {
            step("commit");
        }

        @Override
        public void release(UUID orderId) {
            step("release");
        }

        @Override
        public void restock(UUID orderId) {
            step("restock");
        }

        @Override
        public boolean debit(UUID userId, UUID orderId, long amount) {
            step("debit");
            return solvent;
        }

        @Override
        public void refund(UUID userId, UUID orderId) {
            step("refund");
        }

        @Override
        public boolean isPaid(UUID userId, UUID orderId) {
            return steps.contains("debit");
        }
    }

    private SagaRepository repository(Duration patience) {
        return new SagaRepository(
                database.template, database.transactions, orders.repository, new SagaSettings(patience), Traces.NONE);
    }

    private OrderRecord place() {
        OrderRecord order = TestOrders.pending();
        return processor.place(order, TestOrders.request(order));
    }

    private Order awaitEnd(OrderRecord order) {
        await().atMost(Duration.ofSeconds(30)).until(() -> sagas.openOrders().isEmpty());
        return orders.stored(order);
    }

    @Test
    void anOrderIsConfirmed() {
        worker.start();
        assertThat(awaitEnd(place()).state()).isEqualTo(OrderState.CONFIRMED);
        assertThat(providers.steps).containsExactly("reserve", "debit", "commit");
    }

    @Test
    void theStepsHaveTheIdOfTheRequestThatPlacedTheOrder() {
        worker.start();
        OrderRecord order;
        try (MDC.MDCCloseable request = MDC.putCloseable("request_id", "the-request")) {
            order = place();
        }
        assertThat(awaitEnd(order).state()).isEqualTo(OrderState.CONFIRMED);
        assertThat(providers.requestIds).containsExactly("the-request", "the-request", "the-request");
    }

    @Test
    void anOrderWithoutStockIsRejected() {
        providers.inStock = false;
        worker.start();
        assertThat(awaitEnd(place()).reason()).isEqualTo(RejectionReason.OUT_OF_STOCK);
        assertThat(providers.steps).containsExactly("reserve");
    }

    @Test
    void anOrderWithoutMoneyIsRejectedAndCompensated() {
        providers.solvent = false;
        worker.start();
        assertThat(awaitEnd(place()).reason()).isEqualTo(RejectionReason.PAYMENT_DECLINED);
        assertThat(providers.steps).containsExactly("reserve", "debit", "refund", "release");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"before reserve", "after reserve", "before debit", "after debit", "before commit", "after commit"
            })
    void aFailedStepIsRepeatedUntilTheOrderIsConfirmed(String fault) {
        providers.failing.add(fault);
        worker.start();
        assertThat(awaitEnd(place()).state()).isEqualTo(OrderState.CONFIRMED);
        assertThat(providers.failing).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"before refund", "after refund", "before release", "after release"})
    void aFailedCompensationIsRepeatedAndTheReasonStays(String fault) {
        providers.solvent = false;
        providers.failing.add(fault);
        worker.start();
        OrderRecord order = place();
        assertThat(awaitEnd(order).reason()).isEqualTo(RejectionReason.PAYMENT_DECLINED);
        assertThat(Collections.frequency(providers.steps, "debit")).isEqualTo(1);
    }

    @Test
    void aConfirmedOrderIsCancelledOnceUnitsAndMoneyAreBack() {
        worker.start();
        OrderRecord order = place();
        OrderRecord confirmed = order.withState(awaitEnd(order).state());
        providers.failing.add("after restock");
        processor.cancel(confirmed);
        processor.cancel(confirmed);
        assertThat(awaitEnd(order).state()).isEqualTo(OrderState.CANCELLED);
        assertThat(Collections.frequency(providers.steps, "refund")).isEqualTo(1);
    }

    @Test
    void aSagaThatNoProcessRunsIsResumed() {
        // The worker does not run yet, so nobody has claimed the saga.
        OrderRecord order = place();
        assertThat(orders.stored(order).state()).isEqualTo(OrderState.PENDING);
        worker.start();
        assertThat(awaitEnd(order).state()).isEqualTo(OrderState.CONFIRMED);
    }

    @Test
    void aPaidOrderIsConfirmedEvenAfterItsDeadline() {
        OrderRecord order = place();
        providers.steps.add("debit");
        expire();
        worker.start();
        assertThat(awaitEnd(order).state()).isEqualTo(OrderState.CONFIRMED);
        assertThat(providers.steps).containsExactly("debit", "commit");
    }

    @Test
    void anUnpaidOrderIsRejectedAfterItsDeadline() {
        OrderRecord order = place();
        expire();
        worker.start();
        assertThat(awaitEnd(order).reason()).isEqualTo(RejectionReason.TIMEOUT);
        assertThat(providers.steps).containsExactly("refund", "release");
    }

    private void expire() {
        database.template.update("UPDATE sagas.saga SET deadline = TIMESTAMP '2000-01-01 00:00:00'");
    }

    @Test
    void aWorkerWithoutItsLeaseDecidesNothing() {
        OrderRecord order = place();
        Saga claimed = sagas.claimDue(10).getFirst();
        database.template.update("UPDATE sagas.saga SET due_at = TIMESTAMP '2000-01-01 00:00:00'");
        Saga later = sagas.claimDue(10).getFirst();
        assertThatThrownBy(() -> definition.resume(claimed, order)).isInstanceOf(LeaseLost.class);
        assertThat(orders.stored(order).state()).isEqualTo(OrderState.PENDING);
        definition.resume(later, order);
        assertThat(orders.stored(order).state()).isEqualTo(OrderState.CONFIRMED);
    }

    @Test
    void aSagaPastItsDeadlineIsListedWithItsLastError() {
        place();
        Saga claimed = sagas.claimDue(10).getFirst();
        sagas.postpone(claimed, new IllegalStateException("no answer"));
        assertThat(sagas.overdue()).isEmpty();
        expire();
        assertThat(sagas.overdue()).singleElement().satisfies(saga -> {
            assertThat(saga.attempts()).isEqualTo(1);
            assertThat(saga.lastError()).contains("no answer");
        });
    }
}
