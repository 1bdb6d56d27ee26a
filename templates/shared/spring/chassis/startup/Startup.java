package com.example.shop.chassis.startup;

import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Runs the checks, then the steps, before the program serves its first request or delivers an event. */
@Component
@ConditionalOnWebApplication
class Startup implements SmartInitializingSingleton {

    private final List<StartupCheck> checks;
    private final List<StartupStep> steps;

    Startup(List<StartupCheck> checks, List<StartupStep> steps) {
        this.checks = checks;
        this.steps = steps;
    }

    @Override
    public void afterSingletonsInstantiated() {
        checks.forEach(StartupCheck::check);
        steps.forEach(StartupStep::run);
    }
}
