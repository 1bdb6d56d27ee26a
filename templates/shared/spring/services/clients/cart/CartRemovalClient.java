package com.example.shop.app;

import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.calls.ServiceClient;
import com.example.shop.chassis.calls.ServiceClients;
import com.example.shop.chassis.calls.ServiceUnavailable;
import com.example.shop.chassis.messaging.DeliveryUnavailable;
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
        try {
            carts.post("/internal/carts/" + userId + "/removals", Map.of("revisions", revisions));
        } catch (ServiceUnavailable.NotSent unreachable) {
            // As a failed attempt, an outage of two minutes would leave a dead letter of each order.
            throw new DeliveryUnavailable("cart cannot be reached", unreachable);
        }
    }
}
