package com.example.shop.app;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

import com.example.shop.cart.Products;
import com.example.shop.catalog.Catalog;
import com.example.shop.catalog.Product;

/** What carts show of products, from the catalog of this service. */
@Component
class LocalProducts implements Products {

    private final Catalog catalog;

    LocalProducts(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Map<String, Shown> find(Collection<String> skus) {
        return catalog.find(skus).values().stream()
                .collect(Collectors.toMap(Product::sku, product -> new Shown(product.name(), product.price())));
    }
}
