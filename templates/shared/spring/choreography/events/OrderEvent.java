package com.example.shop.choreography;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.example.shop.chassis.Money;

/** The fields of OrderPlaced, OrderConfirmed, OrderRejected and OrderCancelled that other contexts use. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record OrderEvent(
        @JsonProperty(required = true) UUID userId,
        @JsonProperty(required = true) Content order,
        Map<String, UUID> cartRevisions) {

    /** Events may lack revisions: their contract does not require them. */
    public OrderEvent {
        cartRevisions = cartRevisions == null ? Map.of() : cartRevisions;
    }

    /** An order, as far as other contexts need it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Content(
            @JsonProperty(required = true) UUID id,
            @JsonProperty(required = true) List<Line> items,
            @JsonProperty(required = true) Money total) {}

    /** The quantity of one product in an order. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Line(
            @JsonProperty(required = true) String sku,
            @JsonProperty(required = true) int quantity) {}
}
