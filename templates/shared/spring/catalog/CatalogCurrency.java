package com.example.shop.catalog;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.StoredCurrency;
import com.example.shop.chassis.startup.StartupCheck;

/** Checks that the stored prices are in the configured currency. */
@Component
class CatalogCurrency implements StartupCheck {

    private final StoredCurrency stored;
    private final String configured;

    CatalogCurrency(JdbcClient database, ShopSettings settings) {
        this.stored = new StoredCurrency(database, "catalog");
        this.configured = settings.currency();
    }

    @Override
    public String subject() {
        return "currency of catalog";
    }

    @Override
    public void check() {
        stored.check(configured);
    }
}
