package com.example.shop.orders;

import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.Traces;

/** Orders in a database for one test. */
public final class TestOrders {

    public final OrderRepository repository;

    public TestOrders(TestDatabase database) {
        Outbox outbox = new Outbox(database.client, JsonMapper.shared(), "orders", Traces.NONE);
        this.repository = new OrderRepository(database.template, JsonMapper.shared(), outbox, event -> {});
    }

    /** Returns a new pending order for two chairs at 150 each, which is not stored. */
    public static OrderRecord pending() {
        return pending(Ids.next());
    }

    /** Returns such an order of that user. */
    public static OrderRecord pending(UUID userId) {
        Map<String, Money> prices = Map.of("CHAIR", new Money(150, "EUR"));
        return OrderRecord.of(userId, Map.of("CHAIR", 2), prices, "EUR", null);
    }

    /** Returns the request that places the order. */
    public static OrderRequest request(OrderRecord order) {
        return new OrderRequest(order.userId(), UUID.randomUUID().toString(), "fingerprint");
    }

    /** Returns the order as it is stored. */
    public Order stored(OrderRecord order) {
        return repository.find(order.userId(), order.order().id()).orElseThrow().order();
    }
}
