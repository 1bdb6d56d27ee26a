package com.example.shop.app;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.catalog.Catalog;
import com.example.shop.catalog.Product;
import com.example.shop.chassis.http.Parameters;

/** Internal API of the catalog, for other services. */
@RestController
class ProductLookupController {

    private final Catalog catalog;

    ProductLookupController(Catalog catalog) {
        this.catalog = catalog;
    }

    /** SKUs of the products to look up. */
    record Lookup(@NotNull @Size(min = 1, max = 100) List<@NotNull @Pattern(regexp = Parameters.SKU) String> skus) {}

    /** Returns the existing products, read past the cache. */
    @PostMapping("/internal/products/lookup")
    Collection<Product> lookUp(@Valid @RequestBody Lookup body) {
        return catalog.find(body.skus).values();
    }
}
