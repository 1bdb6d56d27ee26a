package com.example.shop.app;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.inventory.ReservationSteps;
import com.example.shop.sagas.Inventory;

/** The inventory of this service; each step is a transaction. */
@Component
class LocalInventory implements Inventory {

    private final ReservationSteps steps;

    LocalInventory(ReservationSteps steps) {
        this.steps = steps;
    }

    @Override
    public boolean reserve(UUID orderId, Map<String, Integer> quantities) {
        return steps.reserve(Map.of(orderId, quantities)).contains(orderId);
    }

    @Override
    public void commit(UUID orderId) {
        steps.commit(List.of(orderId));
    }

    @Override
    public void release(UUID orderId) {
        steps.release(orderId);
    }

    @Override
    public void restock(UUID orderId) {
        steps.restock(orderId);
    }
}
