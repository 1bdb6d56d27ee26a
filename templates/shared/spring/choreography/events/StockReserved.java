package com.example.shop.choreography;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Money;
import com.example.shop.chassis.messaging.Event;

/** The units of an order are reserved; the total is the amount to debit. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StockReserved(
        @JsonProperty(required = true) UUID orderId,
        @JsonProperty(required = true) UUID userId,
        @JsonProperty(required = true) Money total) {

    /** The version that is published. */
    public static final int VERSION = 2;

    /** In version 1, the amount had no currency. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Version1(
            @JsonProperty(required = true) UUID orderId,
            @JsonProperty(required = true) UUID userId,
            @JsonProperty(required = true) long amount) {}

    /** Reads an event of any version: topics keep old events, and a service that is not yet updated publishes more. */
    public static StockReserved of(Event event, JsonMapper json, String currency) {
        if (event.version() == 1) {
            Version1 old = json.readValue(event.data(), Version1.class);
            return new StockReserved(old.orderId, old.userId, new Money(old.amount, currency));
        }
        return json.readValue(event.data(), StockReserved.class);
    }
}
