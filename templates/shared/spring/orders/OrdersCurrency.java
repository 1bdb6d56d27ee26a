package com.example.shop.orders;

import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.StoredCurrency;
import com.example.shop.chassis.startup.StartupCheck;

/** Checks that the stored orders are in the configured currency. */
@Component
// Before the other contexts, which store the configured currency if they have none.
@Order(0)
class OrdersCurrency implements StartupCheck {

    private final OrderRepository repository;
    private final String configured;

    OrdersCurrency(OrderRepository repository, ShopSettings settings) {
        this.repository = repository;
        this.configured = settings.currency();
    }

    @Override
    public String subject() {
        return "currency of orders";
    }

    @Override
    public void check() {
        repository.currency().ifPresent(stored -> StoredCurrency.refuseOther(stored, configured));
    }
}
