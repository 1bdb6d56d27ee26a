package com.example.shop.chassis.startup;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Runs the checks, then the steps, before the program serves its first request or delivers an event. */
@Component
@ConditionalOnWebApplication
class Startup implements SmartInitializingSingleton {

    private final ObjectProvider<StartupCheck> checks;
    private final ObjectProvider<StartupStep> steps;

    Startup(ObjectProvider<StartupCheck> checks, ObjectProvider<StartupStep> steps) {
        this.checks = checks;
        this.steps = steps;
    }

    @Override
    public void afterSingletonsInstantiated() {
        checks.orderedStream().forEach(StartupCheck::check);
        steps.orderedStream().forEach(StartupStep::run);
    }
}
