package com.example.shop.analytics;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.StoredCurrency;
import com.example.shop.chassis.startup.StartupCheck;

/** Checks that the counted amounts are in the configured currency. */
@Component
class AnalyticsCurrency implements StartupCheck {

    private final StoredCurrency stored;
    private final String configured;

    AnalyticsCurrency(JdbcClient database, ShopSettings settings) {
        this.stored = new StoredCurrency(database, "analytics");
        this.configured = settings.currency();
    }

    @Override
    public String subject() {
        return "currency of analytics";
    }

    @Override
    public void check() {
        stored.check(configured);
    }
}
