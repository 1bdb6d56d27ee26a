package com.example.shop.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.orders.CartContents;

/** Carts in another service. */
@Component
class CartClient implements CartContents {

    private final ServiceClient carts;

    CartClient(ServiceClients clients) {
        this.carts = clients.to("cart");
    }

    /** Quantities in a cart and revisions of its items, by SKU. */
    record Contents(Map<String, Integer> items, Map<String, UUID> revisions) {}

    @Override
    public Map<String, Item> of(UUID userId) {
        Contents contents = carts.get("/internal/carts/" + userId, Contents.class);
        Map<String, Item> items = new LinkedHashMap<>();
        contents.items.forEach((sku, quantity) ->
                items.put(sku, new Item(quantity, Objects.requireNonNull(contents.revisions.get(sku)))));
        return items;
    }
}
