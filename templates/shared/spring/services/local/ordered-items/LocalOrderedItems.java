package com.example.shop.app;

import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.cart.Carts;
import com.example.shop.sagas.OrderedItems;

/** Removes ordered items from the carts of this service. */
@Component
class LocalOrderedItems implements OrderedItems {

    private final Carts carts;

    LocalOrderedItems(Carts carts) {
        this.carts = carts;
    }

    @Override
    public void remove(UUID userId, Map<String, UUID> revisions) {
        carts.removeRevisions(userId, revisions);
    }
}
