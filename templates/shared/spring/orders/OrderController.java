package com.example.shop.orders;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Money;
import com.example.shop.chassis.http.Omittable;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.RateLimit;
import com.example.shop.chassis.http.RateLimits;
import com.example.shop.chassis.http.Text;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of orders. */
@RestController
@RequestMapping("/v1/orders")
class OrderController {

    private final Orders orders;
    private final JsonMapper json;
    private final RateLimits limits;
    private final RateLimit perUser;

    OrderController(
            Orders orders, JsonMapper json, RateLimits limits, @Value("${shop.orders-per-user}") RateLimit perUser) {
        this.orders = orders;
        this.json = json;
        this.limits = limits;
        this.perUser = perUser;
    }

    @Bean
    static AccessRules orderRules() {
        return requests -> requests.requestMatchers("/v1/orders/**").authenticated();
    }

    /** A number of units of a product. */
    record Item(
            @NotNull @Pattern(regexp = Parameters.SKU) String sku,
            @NotNull @Min(1) @Max(1000) Integer quantity) {}

    /** What the customer expects to pay, in minor units. */
    record ExpectedTotal(
            @NotNull @Min(0) Long amount,
            @NotNull @Text(min = 3, max = 3) String currency) {}

    /**
     * What to order; without items, the contents of the cart.
     *
     * <p>With an expected total, nothing is ordered if the total is another one: prices or the cart have changed.
     */
    record NewOrder(
            @Omittable @Nullable @Size(min = 1, max = 50) List<@NotNull @Valid Item> items,
            @Omittable @Nullable @Valid ExpectedTotal expectedTotal) {}

    @PostMapping
    ResponseEntity<String> place(
            @AuthenticationPrincipal Caller caller,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewOrder body) {
        limits.hit("orders", caller.id().toString(), perUser);
        OrderRequest request = new OrderRequest(caller.id(), Parameters.idempotencyKey(key), digest(body));
        Money expected =
                body.expectedTotal == null ? null : new Money(body.expectedTotal.amount, body.expectedTotal.currency);
        OrderResponse placed = orders.place(request, quantities(body.items), expected);
        ResponseEntity.BodyBuilder response =
                ResponseEntity.accepted().location(location(placed.orderId())).contentType(MediaType.APPLICATION_JSON);
        if (placed.replayed()) {
            response.header("Idempotent-Replayed", "true");
        }
        return response.body(placed.body());
    }

    @GetMapping
    Page<Order> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        return orders.page(caller.id(), cursor, Parameters.limit(limit));
    }

    @GetMapping("/{order_id}")
    Order read(
            @AuthenticationPrincipal Caller caller,
            @PathVariable("order_id") String id,
            @RequestParam(required = false) @Nullable String wait)
            throws InterruptedException {
        return orders.read(caller.id(), Parameters.id(id), Parameters.wait(wait));
    }

    @PostMapping("/{order_id}/cancel")
    ResponseEntity<Order> cancel(@AuthenticationPrincipal Caller caller, @PathVariable("order_id") String id) {
        Order order = orders.cancel(caller.id(), Parameters.id(id));
        return ResponseEntity.accepted().location(location(order.id())).body(order);
    }

    private String digest(NewOrder body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(body));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static @Nullable Map<String, Integer> quantities(@Nullable List<Item> items) {
        if (items == null) {
            return null;
        }
        Map<String, Integer> quantities = new LinkedHashMap<>();
        for (Item item : items) {
            if (quantities.put(item.sku, item.quantity) != null) {
                throw Problem.validation("/items", "Each SKU may appear only once.");
            }
        }
        return quantities;
    }

    private static URI location(UUID orderId) {
        return URI.create("/v1/orders/" + orderId);
    }
}
