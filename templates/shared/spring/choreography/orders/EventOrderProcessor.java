package com.example.shop.app;

import org.springframework.stereotype.Component;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.orders.OrderProcessor;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderRepository;
import com.example.shop.orders.OrderRequest;
import com.example.shop.orders.OrderState;

/** Stores an order's new state with its event; callers get the order before other services react. */
@Component
class EventOrderProcessor implements OrderProcessor {

    private final Transactions transactions;
    private final OrderRepository orders;

    EventOrderProcessor(Transactions transactions, OrderRepository orders) {
        this.transactions = transactions;
        this.orders = orders;
    }

    /** Stores the pending order and its event, both or neither. */
    @Override
    public OrderRecord place(OrderRecord placed, OrderRequest request) {
        return transactions.run(() -> {
            orders.add(placed, request);
            return placed;
        });
    }

    /** Cancels the order; its event makes inventory and payments return units and money. */
    @Override
    public OrderRecord cancel(OrderRecord confirmed) {
        OrderRecord cancelled = confirmed.withState(OrderState.CANCELLED);
        if (transactions.run(() -> orders.change(cancelled))) {
            return cancelled;
        }
        // A concurrent request cancelled it first.
        return orders.find(confirmed.userId(), confirmed.order().id()).orElseThrow();
    }
}
