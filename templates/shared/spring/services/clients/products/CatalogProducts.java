package com.example.shop.app;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

import com.example.shop.cart.Products;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;

/** What carts show of products, from the catalog in another service. */
@Component
class CatalogProducts implements Products {

    private final ServiceClient catalog;

    CatalogProducts(ServiceClients clients) {
        this.catalog = clients.to("catalog");
    }

    /** The properties of a product that the cart shows. */
    record Product(String sku, String name, Money price) {}

    @Override
    public Map<String, Shown> find(Collection<String> skus) {
        Product[] found = catalog.post("/internal/products/lookup", Map.of("skus", skus), Product[].class);
        return Arrays.stream(found)
                .collect(Collectors.toMap(Product::sku, product -> new Shown(product.name, product.price)));
    }
}
