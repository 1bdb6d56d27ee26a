package com.example.shop.payments;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.http.Page;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;

/** HTTP API of payments. */
@RestController
class PaymentsController {

    private final Wallets wallets;
    private final String currency;

    PaymentsController(Wallets wallets, ShopSettings settings) {
        this.wallets = wallets;
        this.currency = settings.currency();
    }

    @Bean
    static AccessRules paymentsRules() {
        return requests -> requests.requestMatchers("/v1/wallet/top-ups")
                .hasRole(Caller.ADMIN)
                .requestMatchers("/v1/wallet", "/v1/payments")
                .authenticated();
    }

    /** An amount to add to a wallet, in minor units of the shop's currency. */
    record Amount(
            @NotNull @Min(1) @Max(1_000_000_000) Long amount,
            @NotNull String currency) {}

    /** A top-up of a user's wallet. */
    record NewTopUp(@NotNull UUID userId, @NotNull @Valid Amount amount) {}

    @GetMapping("/v1/wallet")
    Wallet read(@AuthenticationPrincipal Caller caller) {
        return wallets.read(caller.id());
    }

    @PostMapping("/v1/wallet/top-ups")
    @ResponseStatus(HttpStatus.CREATED)
    TopUp topUp(
            @AuthenticationPrincipal Caller admin,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewTopUp body) {
        String checked = Parameters.idempotencyKey(key);
        if (!body.amount.currency.equals(currency)) {
            throw Problem.validation("/amount/currency", "The currency must be " + currency + '.');
        }
        return wallets.topUp(admin.id(), checked, body.userId, body.amount.amount);
    }

    @GetMapping("/v1/payments")
    Page<Payment> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(name = "order_id", required = false) @Nullable String orderId) {
        UUID id = Parameters.id("order_id", orderId);
        if (id == null) {
            throw Problem.validation("/order_id", "is required");
        }
        return new Page<>(wallets.payments(caller.id(), id), null);
    }
}
