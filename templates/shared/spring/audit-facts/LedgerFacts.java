package com.example.shop.audit;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The snapshot of payments, as services exchange it: the sum of all entries, wallets, payments by order, waiting events. */
public record LedgerFacts(
        long total,
        Map<UUID, AuditSnapshot.Wallet> wallets,
        Map<UUID, List<AuditSnapshot.Payment>> payments,
        long waiting)
        implements Facts {

    private static final String CONTEXT = "payments";

    /** Returns the part of the snapshot that is of payments. */
    public static LedgerFacts of(AuditSnapshot snapshot) {
        return new LedgerFacts(
                snapshot.ledgerTotal, snapshot.wallets, snapshot.payments, snapshot.waiting.getOrDefault(CONTEXT, 0L));
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        snapshot.ledgerTotal = total;
        snapshot.wallets.putAll(wallets);
        snapshot.payments.putAll(payments);
        snapshot.waiting.put(CONTEXT, waiting);
    }
}
