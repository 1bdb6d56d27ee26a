package com.example.shop.sagas;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Clock;
import com.example.shop.orders.Order;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.RejectionReason;

/**
 * The steps and decisions that take an order from any stage to its final state.
 *
 * <p>Two decisions are stored before they are acted on. Once an order is PAID, it can only be confirmed; once it is
 * GIVING_UP, it can only be rejected. Steps between two decisions are not stored: a resumed saga repeats them, which is
 * safe because they are idempotent, and cheaper than a transaction per step.
 */
@Component
class SagaDefinition {

    private final SagaRepository sagas;
    private final Inventory inventory;
    private final Payments payments;

    SagaDefinition(SagaRepository sagas, Inventory inventory, Payments payments) {
        this.sagas = sagas;
        this.inventory = inventory;
        this.payments = payments;
    }

    /** Runs the saga to its end; throws {@link LeaseLost}, or the exception of a failed step. */
    void resume(Saga saga, OrderRecord order) {
        switch (saga.stage()) {
            case TRYING -> place(saga, order);
            case PAID -> confirm(saga, order);
            case GIVING_UP -> reject(saga, order);
            case CANCELLING -> cancel(saga, order);
        }
    }

    private void place(Saga saga, OrderRecord record) {
        Order order = record.order();
        if (!Clock.now().isBefore(saga.deadline())) {
            placeAfterDeadline(saga, record);
            return;
        }
        Map<String, Integer> quantities =
                order.items().stream().collect(Collectors.toMap(Order.Line::sku, Order.Line::quantity));
        if (!inventory.reserve(order.id(), quantities)) {
            // A refusal is final and nothing was paid, so there is nothing to compensate.
            sagas.end(saga, record.rejected(RejectionReason.OUT_OF_STOCK));
        } else if (payments.debit(record.userId(), order.id(), order.total().amount())) {
            confirm(sagas.decide(saga, Stage.PAID, null), record);
        } else {
            giveUp(saga, record, RejectionReason.PAYMENT_DECLINED);
        }
    }

    /** Confirms the order if it was paid in time; otherwise rejects it without another debit. */
    private void placeAfterDeadline(Saga saga, OrderRecord record) {
        if (payments.isPaid(record.userId(), record.order().id())) {
            confirm(sagas.decide(saga, Stage.PAID, null), record);
        } else {
            giveUp(saga, record, RejectionReason.TIMEOUT);
        }
    }

    private void giveUp(Saga saga, OrderRecord record, RejectionReason reason) {
        reject(sagas.decide(saga, Stage.GIVING_UP, reason), record);
    }

    private void confirm(Saga saga, OrderRecord record) {
        inventory.commit(record.order().id());
        sagas.end(saga, record.withState(OrderState.CONFIRMED));
    }

    private void reject(Saga saga, OrderRecord record) {
        UUID orderId = record.order().id();
        // Refund even after a declined debit: an earlier attempt may still reach a wallet topped up since.
        payments.refund(record.userId(), orderId);
        inventory.release(orderId);
        sagas.end(saga, record.rejected(Objects.requireNonNull(saga.reason())));
    }

    private void cancel(Saga saga, OrderRecord record) {
        UUID orderId = record.order().id();
        inventory.restock(orderId);
        payments.refund(record.userId(), orderId);
        sagas.end(saga, record.withState(OrderState.CANCELLED));
    }
}
