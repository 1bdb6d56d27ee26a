package com.example.shop.app;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

import com.example.shop.audit.Facts;
import com.example.shop.audit.InventoryFacts;
import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;

/** The snapshot of the inventory in another service. For tests and development only. */
@Component
@ConditionalOnBooleanProperty("shop.audit-enabled")
class InventoryFactsClient implements RemoteSource {

    private final ServiceClient inventory;

    InventoryFactsClient(ServiceClients clients) {
        this.inventory = clients.to("inventory", LIMITS);
    }

    @Override
    public Facts read() {
        return inventory.get("/internal/facts/inventory", InventoryFacts.class);
    }
}
