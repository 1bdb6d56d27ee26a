package com.example.shop.cart;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of the cart. */
@RestController
@RequestMapping("/v1/cart")
class CartController {

    private final Carts carts;

    CartController(Carts carts) {
        this.carts = carts;
    }

    @Bean
    static AccessRules cartRules() {
        return requests -> requests.requestMatchers("/v1/cart/**").authenticated();
    }

    /** A number of units. */
    record Quantity(@NotNull @Min(1) @Max(1000) Integer quantity) {}

    @GetMapping
    Cart read(@AuthenticationPrincipal Caller caller) {
        return carts.view(caller.id());
    }

    @PutMapping("/items/{sku}")
    Cart put(@AuthenticationPrincipal Caller caller, @PathVariable String sku, @Valid @RequestBody Quantity body) {
        return carts.put(caller.id(), Parameters.sku(sku), body.quantity);
    }

    @DeleteMapping("/items/{sku}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String sku) {
        carts.remove(caller.id(), Parameters.sku(sku));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void empty(@AuthenticationPrincipal Caller caller) {
        carts.empty(caller.id());
    }
}
