/** Payments: a wallet for each user on a double-entry ledger, whose entries always add up to 0. */
@ApplicationModule(allowedDependencies = {"chassis", "audit"})
@NullMarked
package com.example.shop.payments;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
