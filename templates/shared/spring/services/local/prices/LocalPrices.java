package com.example.shop.app;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

import com.example.shop.catalog.Catalog;
import com.example.shop.catalog.Product;
import com.example.shop.chassis.Money;
import com.example.shop.orders.Prices;

/** Prices for orders, from the catalog of this service. */
@Component
class LocalPrices implements Prices {

    private final Catalog catalog;

    LocalPrices(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Map<String, Money> of(Collection<String> skus) {
        return catalog.find(skus).values().stream().collect(Collectors.toMap(Product::sku, Product::price));
    }
}
