package com.example.shop.payments;

import java.util.UUID;

import com.example.shop.chassis.Money;

/** A top-up of a wallet, and the balance right after it. */
record TopUp(UUID id, UUID userId, Money amount, Money balance) {}
