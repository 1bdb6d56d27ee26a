package com.example.shop.orders;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API with which administrators read the orders of all users. */
@RestController
@RequestMapping("/v1/admin/orders")
class OrderAdministrationController {

    private final OrderRepository repository;

    OrderAdministrationController(OrderRepository repository) {
        this.repository = repository;
    }

    @Bean
    static AccessRules orderAdministrationRules() {
        return requests -> requests.requestMatchers("/v1/admin/orders/**").hasRole(Caller.ADMIN);
    }

    @GetMapping
    Page<OwnedOrder> list(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(name = "user_id", required = false) @Nullable String userId,
            @RequestParam(name = "placed_from", required = false) @Nullable String placedFrom,
            @RequestParam(name = "placed_before", required = false) @Nullable String placedBefore,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String limit) {
        OrderFilter chosen = new OrderFilter(
                Parameters.constant("state", OrderState.class, state),
                Parameters.id("user_id", userId),
                Parameters.time("placed_from", placedFrom),
                Parameters.time("placed_before", placedBefore));
        int size = Parameters.limit(limit);
        List<OwnedOrder> found = repository.newestOfAll(chosen, Orders.idBefore(cursor), size + 1);
        return Page.of(found, size, owned -> owned.order().id().toString());
    }

    @GetMapping("/{order_id}")
    OrderDetails read(@PathVariable("order_id") String id) {
        UUID orderId = Parameters.id(id);
        return repository.details(orderId).orElseThrow(() -> Problem.notFound("There is no order " + orderId + '.'));
    }
}
