package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

import com.example.shop.audit.Facts;
import com.example.shop.audit.LedgerFacts;
import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;

/** The snapshot of payments in another service. For tests and development only. */
@Component
@ConditionalOnBooleanProperty("shop.audit-enabled")
class LedgerFactsClient implements RemoteSource {

    private final ServiceClient payments;

    LedgerFactsClient(ServiceClients clients) {
        this.payments = clients.to("payments", LIMITS);
    }

    @Override
    public Facts read() {
        return payments.get("/internal/facts/payments", LedgerFacts.class);
    }
}
