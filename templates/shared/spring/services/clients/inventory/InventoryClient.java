package com.example.shop.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.sagas.Inventory;

/** The inventory in another service. */
@Component
class InventoryClient implements Inventory {

    private static final String RESERVATIONS = "/internal/reservations";
    private final ServiceClient inventory;

    InventoryClient(ServiceClients clients) {
        this.inventory = clients.to("inventory");
    }

    /** The orders whose units are reserved. */
    record Results(Set<UUID> reserved) {}

    @Override
    public boolean reserve(UUID orderId, Map<String, Integer> quantities) {
        Map<String, Object> body = Map.of("orders", Map.of(orderId, quantities));
        return inventory.put(RESERVATIONS, body, Results.class).reserved.contains(orderId);
    }

    @Override
    public void commit(UUID orderId) {
        inventory.post(RESERVATIONS + "/commit", Map.of("order_ids", List.of(orderId)));
    }

    @Override
    public void release(UUID orderId) {
        inventory.post(RESERVATIONS + '/' + orderId + "/release", null);
    }

    @Override
    public void restock(UUID orderId) {
        inventory.post(RESERVATIONS + '/' + orderId + "/restock", null);
    }
}
