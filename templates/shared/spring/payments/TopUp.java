package com.example.shop.payments;

import com.example.shop.chassis.Money;
import java.util.UUID;

/** A top-up of a wallet, and the balance right after it. */
record TopUp(UUID id, UUID userId, Money amount, Money balance) {}
