package com.example.shop.payments;

import java.util.Set;
import java.util.UUID;

/** The shop's own accounts of the ledger. They have no balance row: every order would have to wait for its lock. */
final class Accounts {

    static final UUID SALES = new UUID(0, 1);
    static final UUID FUNDING = new UUID(0, 2);
    static final Set<UUID> OF_SHOP = Set.of(SALES, FUNDING);

    private Accounts() {}
}
