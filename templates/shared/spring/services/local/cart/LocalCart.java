package com.example.shop.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.cart.Carts;
import com.example.shop.orders.CartContents;

/** Carts of this service. */
@Component
class LocalCart implements CartContents {

    private final Carts carts;

    LocalCart(Carts carts) {
        this.carts = carts;
    }

    @Override
    public Map<String, Item> of(UUID userId) {
        Map<String, Item> items = new LinkedHashMap<>();
        carts.items(userId).forEach((sku, item) -> items.put(sku, new Item(item.quantity(), item.revision())));
        return items;
    }
}
