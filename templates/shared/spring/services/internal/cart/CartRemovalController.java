package com.example.shop.app;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.cart.Carts;
import com.example.shop.chassis.http.Parameters;

/** Internal API of the cart, called by the order saga. */
@RestController
class CartRemovalController {

    private final Carts carts;

    CartRemovalController(Carts carts) {
        this.carts = carts;
    }

    /**
     * Items to remove from a cart because they were ordered: those that still have these revisions, by SKU.
     *
     * @param skus always empty; earlier versions of the contract named items without revisions
     */
    record Removal(
            @NotNull @Size(max = 100) Map<String, UUID> revisions,
            @Nullable @Size(max = 0) List<String> skus) {}

    /** Removes ordered items from the cart; items that are not in it are ignored. */
    @PostMapping("/internal/carts/{userId}/removals")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@PathVariable String userId, @Valid @RequestBody Removal body) {
        carts.removeRevisions(Parameters.id(userId), body.revisions);
    }
}
