package com.example.shop.app;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.payments.PaymentSteps;

/**
 * Internal API of payments, called by the order saga.
 *
 * <p>Every step is idempotent, so a caller that does not know its outcome repeats it.
 */
@RestController
@RequestMapping("/internal/payments")
class PaymentStepsController {

    private static final int MAX_ORDERS = 50;
    private final PaymentSteps steps;

    PaymentStepsController(PaymentSteps steps) {
        this.steps = steps;
    }

    /** The debit of an order, in minor units. */
    record Debit(
            @NotNull UUID userId,
            @NotNull UUID orderId,
            @NotNull @Min(0) Long amount) {}

    /** Debits of several orders. */
    record Debits(@NotNull @Size(min = 1, max = MAX_ORDERS) List<@NotNull @Valid Debit> debits) {}

    /** The orders that are paid. */
    record Results(List<UUID> debited) {}

    /** The user to refund. */
    record Refund(@NotNull UUID userId) {}

    /** Debits several orders, each if the balance suffices. */
    @PutMapping
    Results debit(@Valid @RequestBody Debits body) {
        return new Results(steps.debit(body.debits.stream()
                .map(each -> new PaymentSteps.Debit(each.userId, each.orderId, each.amount))
                .toList()));
    }

    /** Returns whether the order was debited and refunded. */
    @GetMapping("/{orderId}")
    PaymentSteps.Status read(@PathVariable String orderId, @RequestParam("user_id") String userId) {
        return steps.status(Parameters.id(userId), Parameters.id(orderId));
    }

    /** Refunds the order's debit, and declines a debit that arrives later. */
    @PostMapping("/{orderId}/refund")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void refund(@PathVariable String orderId, @Valid @RequestBody Refund body) {
        steps.refund(body.userId, Parameters.id(orderId));
    }
}
