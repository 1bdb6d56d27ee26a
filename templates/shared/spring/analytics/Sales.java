package com.example.shop.analytics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Units and revenue by product. */
final class Sales {

    private static final int TOP = 10;
    private static final Comparator<Summary.TopProduct> BEST_FIRST =
            Comparator.comparingLong(Summary.TopProduct::units).reversed().thenComparing(Summary.TopProduct::sku);

    @JsonValue
    private final Map<String, Sold> products;

    /** What was sold of one product; the revenue is in minor units. */
    record Sold(long units, long revenue) {

        private Sold plus(Sold other) {
            return new Sold(units + other.units, revenue + other.revenue);
        }

        private Sold negated() {
            return new Sold(-units, -revenue);
        }
    }

    Sales() {
        this(new HashMap<>());
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    private Sales(Map<String, Sold> products) {
        this.products = products;
    }

    /** Adds the sale of a product. */
    void add(String sku, Sold sold) {
        products.merge(sku, sold, Sold::plus);
    }

    /** Adds other sales. */
    void add(Sales others) {
        others.products.forEach(this::add);
    }

    /** Subtracts sales that were added before. */
    void subtract(Sales others) {
        others.products.forEach((sku, sold) -> {
            add(sku, sold.negated());
            products.computeIfPresent(sku, (key, left) -> left.units == 0 ? null : left);
        });
    }

    /** Returns the products of which the most units were sold; ties are ordered by SKU. */
    List<Summary.TopProduct> top() {
        return products.entrySet().stream()
                .map(each -> new Summary.TopProduct(each.getKey(), each.getValue().units, each.getValue().revenue))
                .sorted(BEST_FIRST)
                .limit(TOP)
                .toList();
    }
}
