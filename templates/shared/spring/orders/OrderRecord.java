package com.example.shop.orders;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;

/**
 * An order with its owner, and the cart items that it orders. Order events carry this record.
 *
 * @param cartRevisions by SKU; empty for an order of named items
 */
public record OrderRecord(UUID userId, boolean fromCart, Order order, Map<String, UUID> cartRevisions) {

    /**
     * Returns a new pending order with quantities and prices by SKU.
     *
     * @param cartRevisions those of the cart items that it orders; null if it does not order the cart
     */
    static OrderRecord of(
            UUID userId,
            Map<String, Integer> quantities,
            Map<String, Money> prices,
            String currency,
            @Nullable Map<String, UUID> cartRevisions) {
        List<Order.Line> lines = quantities.entrySet().stream()
                .map(each -> new Order.Line(each.getKey(), each.getValue(), price(prices, each.getKey())))
                .toList();
        long total = lines.stream()
                .mapToLong(line -> line.quantity() * line.unitPrice().amount())
                .sum();
        LocalDateTime now = Clock.now();
        Order order = new Order(Ids.next(), OrderState.PENDING, null, lines, new Money(total, currency), now, now);
        return new OrderRecord(userId, cartRevisions != null, order, cartRevisions == null ? Map.of() : cartRevisions);
    }

    private static Money price(Map<String, Money> prices, String sku) {
        Money price = prices.get(sku);
        if (price == null) {
            throw new IllegalArgumentException("There is no price of " + sku + '.');
        }
        return price;
    }

    /** Returns the record in another state, updated now. */
    public OrderRecord withState(OrderState state) {
        return with(state, null, cartRevisions);
    }

    /** Returns the record of the rejected order, which no longer has its cart items. */
    public OrderRecord rejected(RejectionReason reason) {
        return with(OrderState.REJECTED, reason, Map.of());
    }

    private OrderRecord with(OrderState state, @Nullable RejectionReason reason, Map<String, UUID> revisions) {
        Order changed =
                new Order(order.id(), state, reason, order.items(), order.total(), order.createdAt(), Clock.now());
        return new OrderRecord(userId, fromCart, changed, revisions);
    }
}
