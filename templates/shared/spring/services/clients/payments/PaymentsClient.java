package com.example.shop.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.sagas.Payments;

/** Payments in another service. */
@Component
class PaymentsClient implements Payments {

    private static final String PAYMENTS = "/internal/payments";
    private final ServiceClient payments;

    PaymentsClient(ServiceClients clients) {
        this.payments = clients.to("payments");
    }

    /** The amount to debit for an order, in minor units. */
    record Debit(UUID userId, UUID orderId, long amount) {}

    /** The orders that are paid. */
    record Results(Set<UUID> debited) {}

    /** Whether an order was debited, and whether the money was refunded. */
    record Status(boolean debited, boolean refunded) {}

    @Override
    public boolean debit(UUID userId, UUID orderId, long amount) {
        Map<String, Object> body = Map.of("debits", List.of(new Debit(userId, orderId, amount)));
        return payments.put(PAYMENTS, body, Results.class).debited.contains(orderId);
    }

    @Override
    public void refund(UUID userId, UUID orderId) {
        payments.post(PAYMENTS + '/' + orderId + "/refund", Map.of("user_id", userId));
    }

    @Override
    public boolean isPaid(UUID userId, UUID orderId) {
        Status status = payments.get(PAYMENTS + '/' + orderId + "?user_id=" + userId, Status.class);
        return status.debited && !status.refunded;
    }
}
