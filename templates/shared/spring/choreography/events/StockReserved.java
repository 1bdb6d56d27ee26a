package com.example.shop.choreography;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.UUID;

import com.example.shop.chassis.Money;

/** The units of an order are reserved; the total is the amount to debit. Version 2 of the event. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StockReserved(UUID orderId, UUID userId, Money total) {

    public static final int VERSION = 2;
}
