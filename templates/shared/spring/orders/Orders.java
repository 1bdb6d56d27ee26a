package com.example.shop.orders;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;

/** Places, reads and cancels orders; users see only their own. */
@Service
class Orders {

    private static final UUID MAX_ID = new UUID(-1, -1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration MAX_PAUSE = Duration.ofMillis(250);
    private final OrderRepository repository;
    private final Prices prices;
    private final CartContents cart;
    private final OrderProcessor processor;
    private final JsonMapper json;
    private final String currency;

    Orders(
            OrderRepository repository,
            Prices prices,
            CartContents cart,
            OrderProcessor processor,
            JsonMapper json,
            ShopSettings settings) {
        this.repository = repository;
        this.prices = prices;
        this.cart = cart;
        this.processor = processor;
        this.json = json;
        this.currency = settings.currency();
    }

    /**
     * Orders the items (quantities by SKU), or the cart for null; a repeated request orders nothing new.
     *
     * <p>A concurrent repetition of the request, or another order of the cart, may be stored first.
     */
    @Retryable(includes = DuplicateKeyException.class, maxRetries = 4, delay = 0)
    OrderResponse place(OrderRequest request, @Nullable Map<String, Integer> items, @Nullable Money expectedTotal) {
        Optional<OrderResponse> known = repository.response(request);
        if (known.isPresent()) {
            return known.get();
        }
        if (items != null) {
            return place(request, items, null, expectedTotal);
        }
        Map<String, CartContents.Item> ordered = cartToOrder(request.userId());
        if (ordered.isEmpty()) {
            // A concurrent repetition of this request may have emptied the cart.
            return repository.response(request).orElseThrow(() -> Problem.invalid("empty-cart", "The cart is empty."));
        }
        Map<String, Integer> quantities = new LinkedHashMap<>();
        Map<String, UUID> revisions = new LinkedHashMap<>();
        ordered.forEach((sku, item) -> {
            quantities.put(sku, item.quantity());
            revisions.put(sku, item.revision());
        });
        return place(request, quantities, revisions, expectedTotal);
    }

    private OrderResponse place(
            OrderRequest request,
            Map<String, Integer> quantities,
            @Nullable Map<String, UUID> cartRevisions,
            @Nullable Money expectedTotal) {
        Map<String, Money> current = prices.of(quantities.keySet());
        List<String> unknown = quantities.keySet().stream()
                .filter(sku -> !current.containsKey(sku))
                .toList();
        if (!unknown.isEmpty()) {
            throw Problem.invalid(
                    "unknown-product", "These products do not exist: " + String.join(", ", unknown) + '.');
        }
        OrderRecord pending = OrderRecord.of(request.userId(), quantities, current, currency, cartRevisions);
        Money total = pending.order().total();
        if (expectedTotal != null && !expectedTotal.equals(total)) {
            throw Problem.conflict(
                    "total-changed",
                    "The total is now " + total.amount() + ' ' + total.currency() + ", in minor units.");
        }
        Order placed = processor.place(pending, request).order();
        return new OrderResponse(placed.id(), json.writeValueAsString(placed), false);
    }

    /** Returns the items of the cart, without those of orders that have not yet emptied it. */
    private Map<String, CartContents.Item> cartToOrder(UUID userId) {
        Map<String, CartContents.Item> items = new LinkedHashMap<>(cart.of(userId));
        items.entrySet()
                .removeIf(each -> repository.isOrdered(
                        userId, each.getKey(), each.getValue().revision()));
        return items;
    }

    /** Returns a page of the user's orders, newest first. */
    Page<Order> page(UUID userId, @Nullable String cursor, int limit) {
        List<Order> found = repository.newest(userId, idBefore(cursor), limit + 1);
        return Page.of(found, limit, order -> order.id().toString());
    }

    /** Returns the user's order, waiting up to so many seconds for a final state. */
    Order read(UUID userId, UUID orderId, double wait) throws InterruptedException {
        long deadline = System.nanoTime() + (long) (wait * 1e9);
        Duration pause = FIRST_PAUSE;
        while (true) {
            Order order = find(userId, orderId).order();
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (order.state() != OrderState.PENDING || !left.isPositive()) {
                return order;
            }
            Thread.sleep(pause.compareTo(left) < 0 ? pause : left);
            pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
        }
    }

    /** Cancels a confirmed order and returns it. */
    Order cancel(UUID userId, UUID orderId) {
        OrderRecord found = find(userId, orderId);
        return switch (found.order().state()) {
            case CONFIRMED -> processor.cancel(found).order();
            case CANCELLED -> found.order();
            case PENDING ->
                throw Problem.conflict("order-pending", "The order is still pending. Cancel it once it is confirmed.");
            case REJECTED -> throw Problem.conflict("order-not-cancellable", "A rejected order cannot be cancelled.");
        };
    }

    private OrderRecord find(UUID userId, UUID orderId) {
        return repository
                .find(userId, orderId)
                .orElseThrow(() -> Problem.notFound("You have no order " + orderId + '.'));
    }

    /** Returns the id that the orders of the page with this cursor are below. */
    static UUID idBefore(@Nullable String cursor) {
        if (cursor == null) {
            return MAX_ID;
        }
        String id = Page.keyOf(cursor);
        if (!Parameters.isId(id)) {
            throw Page.badCursor();
        }
        return UUID.fromString(id);
    }
}
