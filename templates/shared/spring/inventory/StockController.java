package com.example.shop.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of inventory, for administrators. */
@RestController
class StockController {

    private final StockService stockService;

    StockController(StockService stockService) {
        this.stockService = stockService;
    }

    @Bean
    static AccessRules stockRules() {
        return requests -> requests.requestMatchers("/v1/stock/**").hasRole(Caller.ADMIN);
    }

    /** The units on hand. */
    record OnHand(@NotNull @Min(0) @Max(1_000_000_000) Long onHand) {}

    @GetMapping("/v1/stock/{sku}")
    Stock read(@PathVariable String sku) {
        return stockService.read(Parameters.sku(sku));
    }

    @PutMapping("/v1/stock/{sku}")
    Stock put(@PathVariable String sku, @Valid @RequestBody OnHand body) {
        return stockService.put(Parameters.sku(sku), body.onHand);
    }
}
