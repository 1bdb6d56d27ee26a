package com.example.shop.audit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snapshots that services exchange. */
class FactsTest {

    @Test
    void theEventsOfAServiceWithTwoContextsAreCountedOnce() {
        AuditSnapshot served = new AuditSnapshot();
        served.waiting.put("inventory", 2L);
        served.waiting.put("payments", 3L);

        AuditSnapshot shop = new AuditSnapshot();
        InventoryFacts.of(served).addTo(shop);
        LedgerFacts.of(served).addTo(shop);
        assertThat(Invariants.check(shop).counts()).containsEntry("outbox_waiting", 5L);
    }
}
