package com.example.shop.app;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.cart.Carts;
import com.example.shop.chassis.database.Statements;
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

    private final JdbcTemplate database;
    private final Transactions transactions;
    private final OrderRepository repository;
    private final Reservations reservations;
    private final Ledger ledger;
    private final Carts carts;

    TransactionalOrderProcessor(
            JdbcTemplate database,
            Transactions transactions,
            OrderRepository repository,
            Reservations reservations,
            Ledger ledger,
            Carts carts) {
        this.database = database;
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
                OrderRecord confirmed = pending.withState(OrderState.CONFIRMED);
                confirmation(confirmed, request).run(database);
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

    /** Returns the statements of all contexts that confirm the order: together, they wait for the database once. */
    private Statements confirmation(OrderRecord confirmed, OrderRequest request) {
        Order order = confirmed.order();
        Map<String, Integer> quantities =
                order.items().stream().collect(Collectors.toMap(Order.Line::sku, Order.Line::quantity));
        Statements statements = new Statements();
        reservations.take(statements, order.id(), quantities, () -> new Rejected(RejectionReason.OUT_OF_STOCK));
        ledger.debit(
                statements,
                confirmed.userId(),
                order.id(),
                order.total().amount(),
                () -> new Rejected(RejectionReason.PAYMENT_DECLINED));
        carts.removeRevisions(statements, confirmed.userId(), confirmed.cartRevisions());
        repository.add(statements, confirmed, request);
        return statements;
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
