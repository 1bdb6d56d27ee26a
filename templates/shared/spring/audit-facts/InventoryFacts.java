package com.example.shop.audit;

import java.util.Map;
import java.util.UUID;

/** The snapshot of inventory, as services exchange it: stock by SKU, and the states of reservations by order. */
public record InventoryFacts(Map<String, AuditSnapshot.Stock> stock, Map<UUID, String> reservations) implements Facts {

    /** Returns the part of the snapshot that is of inventory. */
    public static InventoryFacts of(AuditSnapshot snapshot) {
        return new InventoryFacts(snapshot.stock, snapshot.reservations);
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        snapshot.stock.putAll(stock);
        snapshot.reservations.putAll(reservations);
    }
}
