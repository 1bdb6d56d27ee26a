package com.example.shop.app;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Money;
import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.orders.Prices;

/** Prices for orders, from the catalog in another service. */
@Component
class CatalogPrices implements Prices {

    private final ServiceClient catalog;

    CatalogPrices(ServiceClients clients) {
        this.catalog = clients.to("catalog");
    }

    /** The properties of a product that an order needs. */
    record Product(String sku, Money price) {}

    @Override
    public Map<String, Money> of(Collection<String> skus) {
        Product[] found = catalog.post("/internal/products/lookup", Map.of("skus", skus), Product[].class);
        return Arrays.stream(found).collect(Collectors.toMap(Product::sku, Product::price));
    }
}
