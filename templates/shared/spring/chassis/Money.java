package com.example.shop.chassis;

import com.fasterxml.jackson.annotation.JsonProperty;

/** An amount in minor units of a currency (ISO 4217). */
public record Money(
        @JsonProperty(required = true) long amount,
        @JsonProperty(required = true) String currency) {}
