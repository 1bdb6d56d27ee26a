package com.example.shop.choreography;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;

/** The order and the user that an event of inventory or payments is about: all of StockRefused and PaymentDeclined. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record OrderReference(
        @JsonProperty(required = true) UUID orderId,
        @JsonProperty(required = true) UUID userId) {}
