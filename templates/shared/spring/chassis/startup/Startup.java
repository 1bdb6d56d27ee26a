package com.example.shop.chassis.startup;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The start of the program: the checks pass, then the steps are done, in their order.
 *
 * <p>Until then it serves, but is not ready. What has passed is not repeated: while a program runs, its database only
 * gets more migrations. After a restore of an older backup, restart the program.
 */
@Component
@ConditionalOnWebApplication
// Before the warm-up.
@Order(0)
public class Startup implements SmartInitializingSingleton, ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Startup.class);
    private final List<StartupCheck> checks;
    private final List<StartupStep> steps;
    private final Set<String> pending = new ConcurrentSkipListSet<>();

    @Autowired
    Startup(ObjectProvider<StartupCheck> checks, ObjectProvider<StartupStep> steps) {
        this(checks.orderedStream().toList(), steps.orderedStream().toList());
    }

    Startup(List<StartupCheck> checks, List<StartupStep> steps) {
        this.checks = checks;
        this.steps = steps;
        checks.forEach(check -> pending.add(check.subject()));
        steps.forEach(step -> pending.add(step.subject()));
    }

    /** Returns what the program still waits for. */
    public Set<String> pending() {
        return Set.copyOf(pending);
    }

    /** Makes the checks before the program serves, so that a refused one ends it; leaves others for later. */
    @Override
    public void afterSingletonsInstantiated() {
        try {
            checks.forEach(StartupCheck::check);
        } catch (StartupRefused refused) {
            throw refused;
        } catch (RuntimeException failure) {
            log.debug("Checks of the start are left for later: {}", failure.toString());
        }
    }

    /** Waits until everything is done. Spring reports that the program is ready after that. */
    @Override
    public void run(ApplicationArguments arguments) {
        checks.forEach(check -> complete(check.subject(), check::check));
        steps.forEach(step -> complete(step.subject(), step::run));
    }

    private void complete(String subject, Runnable part) {
        Wait.until(Instant.MAX, subject, part);
        pending.remove(subject);
    }
}
