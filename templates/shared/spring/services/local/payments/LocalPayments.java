package com.example.shop.app;

import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.payments.PaymentSteps;
import com.example.shop.sagas.Payments;

/** Payments of this service; each step is a transaction. */
@Component
class LocalPayments implements Payments {

    private final PaymentSteps steps;

    LocalPayments(PaymentSteps steps) {
        this.steps = steps;
    }

    @Override
    public boolean debit(UUID userId, UUID orderId, long amount) {
        return steps.debit(List.of(new PaymentSteps.Debit(userId, orderId, amount)))
                .contains(orderId);
    }

    @Override
    public void refund(UUID userId, UUID orderId) {
        steps.refund(userId, orderId);
    }

    @Override
    public boolean isPaid(UUID userId, UUID orderId) {
        PaymentSteps.Status status = steps.status(userId, orderId);
        return status.debited() && !status.refunded();
    }
}
