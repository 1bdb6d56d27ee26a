package com.example.shop.audit;

import java.util.Map;
import java.util.UUID;

/** The snapshot of inventory, as services exchange it: stock by SKU, states of reservations by order, waiting events. */
public record InventoryFacts(Map<String, AuditSnapshot.Stock> stock, Map<UUID, String> reservations, long waiting)
        implements Facts {

    private static final String CONTEXT = "inventory";

    /** Returns the part of the snapshot that is of inventory. */
    public static InventoryFacts of(AuditSnapshot snapshot) {
        return new InventoryFacts(snapshot.stock, snapshot.reservations, snapshot.waiting.getOrDefault(CONTEXT, 0L));
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        snapshot.stock.putAll(stock);
        snapshot.reservations.putAll(reservations);
        snapshot.waiting.put(CONTEXT, waiting);
    }
}
