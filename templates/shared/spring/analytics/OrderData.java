package com.example.shop.analytics;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Objects;

/** The part of an order event's data that analytics read; complete, so that an event is counted whole or not at all. */
@JsonIgnoreProperties(ignoreUnknown = true)
record OrderData(Order order) {

    OrderData {
        Objects.requireNonNull(order, "order");
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Order(List<Line> items, Amount total) {

        Order {
            items = List.copyOf(items);
            Objects.requireNonNull(total, "total");
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Line(String sku, long quantity, Amount unitPrice) {

        Line {
            Objects.requireNonNull(sku, "sku");
            Objects.requireNonNull(unitPrice, "unit_price");
        }

        Sales.Sold sold() {
            return new Sales.Sold(quantity, quantity * unitPrice.amount);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Amount(long amount) {}
}
