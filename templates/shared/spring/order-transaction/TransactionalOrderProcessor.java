package com.example.shop.app;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

import com.example.shop.cart.Carts;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.inventory.Reservations;
import com.example.shop.orders.Order;
import com.example.shop.orders.OrderProcessor;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderRepository;
import com.example.shop.orders.OrderRequest;
import com.example.shop.orders.OrderState;
import com.example.shop.orders.RejectionReason;
import com.example.shop.payments.Ledger;

/** Places and cancels orders across contexts, in one transaction each: they are final when the response is sent. */
@Component
class TransactionalOrderProcessor implements OrderProcessor {

    private final Transactions transactions;
    private final OrderRepository repository;
    private final Reservations reservations;
    private final Ledger ledger;
    private final Carts carts;

    TransactionalOrderProcessor(
            Transactions transactions,
            OrderRepository repository,
            Reservations reservations,
            Ledger ledger,
            Carts carts) {
        this.transactions = transactions;
        this.repository = repository;
        this.reservations = reservations;
        this.ledger = ledger;
        this.carts = carts;
    }

    /** The order cannot be confirmed; what its transaction has done is rolled back. */
    private static class Rejected extends RuntimeException {
        private final RejectionReason reason;

        Rejected(RejectionReason reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }
    }

    @Override
    public OrderRecord place(OrderRecord pending, OrderRequest request) {
        try {
            return transactions.run(() -> {
                takeAndDebit(pending);
                OrderRecord confirmed = pending.withState(OrderState.CONFIRMED);
                carts.removeRevisions(confirmed.userId(), confirmed.cartRevisions());
                repository.add(confirmed, request);
                return confirmed;
            });
        } catch (Rejected rejected) {
            return transactions.run(() -> {
                OrderRecord stored = pending.rejected(rejected.reason);
                repository.add(stored, request);
                return stored;
            });
        }
    }

    private void takeAndDebit(OrderRecord pending) {
        Order order = pending.order();
        Map<String, Integer> quantities =
                order.items().stream().collect(Collectors.toMap(Order.Line::sku, Order.Line::quantity));
        if (!reservations.take(order.id(), quantities)) {
            throw new Rejected(RejectionReason.OUT_OF_STOCK);
        }
        if (!ledger.debit(pending.userId(), order.id(), order.total().amount())) {
            throw new Rejected(RejectionReason.PAYMENT_DECLINED);
        }
    }

    @Override
    public OrderRecord cancel(OrderRecord confirmed) {
        UUID orderId = confirmed.order().id();
        Optional<OrderRecord> cancelled = transactions.run(() -> {
            OrderRecord changed = confirmed.withState(OrderState.CANCELLED);
            if (!repository.change(changed)) {
                return Optional.empty();
            }
            // Stock before money, as in place(), so that concurrent transactions do not deadlock.
            reservations.restock(orderId);
            ledger.refund(confirmed.userId(), orderId);
            return Optional.of(changed);
        });
        // Of concurrent cancellations, only one restocks and refunds.
        return cancelled.orElseGet(
                () -> repository.find(confirmed.userId(), orderId).orElseThrow());
    }
}
