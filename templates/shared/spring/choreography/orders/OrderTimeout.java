package com.example.shop.app;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.orders.OrderRecord;
import com.example.shop.orders.OrderRepository;
import com.example.shop.orders.OverdueOrders;
import com.example.shop.orders.RejectionReason;

/**
 * Rejects orders that are pending for too long; any number of processes may do so at once.
 *
 * <p>A result may arrive at the same moment. Only one of the two changes the order's state; if it is the rejection, its
 * event makes inventory and payments return units and money.
 */
@Component
@ConditionalOnWebApplication
class OrderTimeout {

    private static final Logger log = LoggerFactory.getLogger(OrderTimeout.class);
    private final OverdueOrders overdue;
    private final OrderRepository orders;
    private final Transactions transactions;
    private final Duration patience;

    OrderTimeout(
            OverdueOrders overdue,
            OrderRepository orders,
            Transactions transactions,
            @Value("${shop.order-patience}") Duration patience) {
        this.overdue = overdue;
        this.orders = orders;
        this.transactions = transactions;
        this.patience = patience;
    }

    /** Rejects the orders that are overdue. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void rejectOverdue() {
        try {
            overdue.placedBefore(Clock.now().minus(patience)).forEach(this::reject);
        } catch (RuntimeException failure) {
            log.warn("Overdue orders could not be rejected; retrying: {}", failure.toString());
        }
    }

    private void reject(OrderRecord order) {
        transactions.run(() -> orders.change(order.rejected(RejectionReason.TIMEOUT)));
    }
}
