package com.example.shop.orders;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.http.Problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A request to place an order takes effect once, however often it arrives. */
class OrdersTest {

    private static final Map<String, Money> PRICES = Map.of("CHAIR", new Money(150, "EUR"));
    private final TestDatabase database = new TestDatabase("orders");
    private final OrderRepository repository = new TestOrders(database).repository;
    private final OrderRequest request = new OrderRequest(Ids.next(), "key", "fingerprint");
    private final Orders orders = new Orders(
            repository, skus -> PRICES, user -> Map.of(), new Pending(), JsonMapper.shared(), new ShopSettings("EUR"));

    /** Stores the order, and leaves it pending. */
    private class Pending implements OrderProcessor {

        @Override
        public OrderRecord place(OrderRecord placed, OrderRequest request) {
            return database.transactions.run(() -> {
                repository.add(placed, request);
                return placed;
            });
        }

        @Override
        public OrderRecord cancel(OrderRecord confirmed) {
            return confirmed;
        }
    }

    private OrderResponse place(OrderRequest request) {
        return orders.place(request, Map.of("CHAIR", 2), null);
    }

    private int stored() {
        return orders.page(request.userId(), null, 10).items().size();
    }

    @Test
    void aRepeatedRequestGetsTheFirstResponse() {
        OrderResponse first = place(request);
        assertThat(place(request)).isEqualTo(new OrderResponse(first.orderId(), first.body(), true));
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void aKeyOfAnotherRequestIsRefused() {
        place(request);
        assertThatThrownBy(() -> place(new OrderRequest(request.userId(), request.key(), "another")))
                .isInstanceOf(Problem.class);
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void usersMayHaveTheSameKey() {
        UUID first = place(request).orderId();
        OrderResponse other = place(new OrderRequest(Ids.next(), request.key(), request.fingerprint()));
        assertThat(other.replayed()).isFalse();
        assertThat(other.orderId()).isNotEqualTo(first);
    }
}
