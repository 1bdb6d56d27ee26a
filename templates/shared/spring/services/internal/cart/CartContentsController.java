package com.example.shop.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.cart.Carts;
import com.example.shop.chassis.http.Parameters;

/** Internal API of the cart, for other services. */
@RestController
class CartContentsController {

    private final Carts carts;

    CartContentsController(Carts carts) {
        this.carts = carts;
    }

    /** Quantities in a cart and revisions of its items, by SKU. */
    record Contents(Map<String, Integer> items, Map<String, UUID> revisions) {}

    @GetMapping("/internal/carts/{userId}")
    Contents read(@PathVariable String userId) {
        Contents contents = new Contents(new LinkedHashMap<>(), new LinkedHashMap<>());
        carts.items(Parameters.id(userId)).forEach((sku, item) -> {
            contents.items.put(sku, item.quantity());
            contents.revisions.put(sku, item.revision());
        });
        return contents;
    }
}
