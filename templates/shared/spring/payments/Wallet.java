package com.example.shop.payments;

import com.example.shop.chassis.Money;

/** A user's wallet. */
record Wallet(Money balance) {}
