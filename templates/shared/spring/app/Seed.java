package com.example.shop.app;

import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

import com.example.shop.catalog.Catalog;
import com.example.shop.catalog.Product;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.startup.Command;
import com.example.shop.chassis.startup.StartupCheck;
import com.example.shop.chassis.startup.StartupStep;
import com.example.shop.inventory.StockService;

/** Adds the seed data that the shop does not have yet: the administrator, products and stock. */
@Component
class Seed implements Command {

    private static final int UNITS = 100;
    private final List<StartupCheck> checks;
    private final List<StartupStep> steps;
    private final Catalog catalog;
    private final StockService stockService;
    private final String currency;

    Seed(
            List<StartupCheck> checks,
            List<StartupStep> steps,
            Catalog catalog,
            StockService stockService,
            ShopSettings settings) {
        this.checks = checks;
        this.steps = steps;
        this.catalog = catalog;
        this.stockService = stockService;
        this.currency = settings.currency();
    }

    @Override
    public String name() {
        return "seed";
    }

    @Override
    public void run() {
        checks.forEach(StartupCheck::check);
        steps.forEach(StartupStep::run);
        Set<String> existing = catalog.find(
                        Samples.ALL.stream().map(Samples.Sample::sku).toList())
                .keySet();
        for (Samples.Sample sample : Samples.ALL) {
            if (!existing.contains(sample.sku())) {
                // Stock first, so that every listed product can be bought even if seeding is interrupted.
                stockService.put(sample.sku(), UNITS);
                catalog.create(new Product(
                        sample.sku(),
                        sample.name(),
                        sample.description(),
                        sample.category(),
                        new Money(sample.price(), currency),
                        1));
            }
        }
    }
}
