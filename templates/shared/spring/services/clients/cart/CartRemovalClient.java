package com.example.shop.app;

import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.sagas.OrderedItems;

/** Client of the cart service, for sagas. */
@Component
class CartRemovalClient implements OrderedItems {

    private final ServiceClient carts;

    CartRemovalClient(ServiceClients clients) {
        this.carts = clients.to("cart");
    }

    @Override
    public void remove(UUID userId, Map<String, UUID> revisions) {
        carts.post("/internal/carts/" + userId + "/removals", Map.of("revisions", revisions));
    }
}
