package com.example.shop.app;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.http.Parameters;
import com.example.shop.inventory.ReservationSteps;

/**
 * Internal API of reservations, called by the order saga.
 *
 * <p>Every step is idempotent, so a caller that does not know its outcome repeats it.
 */
@RestController
@RequestMapping("/internal/reservations")
class ReservationController {

    private static final int MAX_ORDERS = 50;
    private final ReservationSteps steps;

    ReservationController(ReservationSteps steps) {
        this.steps = steps;
    }

    /** Quantities to reserve for several orders, by order and SKU. */
    record Reservations(
            @NotNull @Size(min = 1, max = MAX_ORDERS)
            LinkedHashMap<
                            UUID,
                            @NotNull @Size(min = 1, max = 50) Map<
                                    @Pattern(regexp = Parameters.SKU) String, @NotNull @Min(1) Integer>>
                    orders) {}

    /** The orders whose units are reserved. */
    record Results(Set<UUID> reserved) {}

    /** Several orders. */
    record Orders(@NotNull @Size(min = 1, max = MAX_ORDERS) List<@NotNull UUID> orderIds) {}

    /** Reserves the units for several orders, all or none for each. */
    @PutMapping
    Results reserve(@Valid @RequestBody Reservations body) {
        return new Results(steps.reserve(body.orders));
    }

    /** Removes the reserved units of several orders from the stock: the orders are paid. */
    @PostMapping("/commit")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void commit(@Valid @RequestBody Orders body) {
        steps.commit(body.orderIds);
    }

    /** Releases the reserved units: the order failed, and a later reservation is refused. */
    @PostMapping("/{orderId}/release")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(@PathVariable String orderId) {
        steps.release(Parameters.id(orderId));
    }

    /** Returns the committed units to the stock: the order was cancelled. */
    @PostMapping("/{orderId}/restock")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void restock(@PathVariable String orderId) {
        steps.restock(Parameters.id(orderId));
    }
}
