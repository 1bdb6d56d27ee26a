package com.example.shop.payments;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.StoredCurrency;
import com.example.shop.chassis.startup.StartupCheck;

/** Checks that the stored amounts are in the configured currency. */
@Component
class PaymentsCurrency implements StartupCheck {

    private final StoredCurrency stored;
    private final String configured;

    PaymentsCurrency(JdbcClient database, ShopSettings settings) {
        this.stored = new StoredCurrency(database, "payments");
        this.configured = settings.currency();
    }

    @Override
    public String subject() {
        return "currency of payments";
    }

    @Override
    public void check() {
        stored.check(configured);
    }
}
