package com.example.shop.chassis;

/** An amount in minor units of a currency (ISO 4217). */
public record Money(long amount, String currency) {}
