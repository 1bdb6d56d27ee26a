package com.example.shop.chassis.http;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.startup.Startup;

/** Health of the process: liveness, startup and readiness. */
@RestController
class HealthController {

    private static final Logger log = LoggerFactory.getLogger(HealthController.class);
    private static final String OK = "ok";
    private static final String UNAVAILABLE = "unavailable";
    private static final String PENDING = "pending";
    private final List<HealthCheck> checks;
    private final ApplicationAvailability availability;
    private final Startup startup;

    HealthController(List<HealthCheck> checks, ApplicationAvailability availability, Startup startup) {
        this.checks = checks;
        this.availability = availability;
        this.startup = startup;
    }

    record Status(String status) {}

    record Readiness(String status, Map<String, String> checks) {}

    @GetMapping({"/livez", "/startupz"})
    Status alive() {
        return new Status(OK);
    }

    @GetMapping("/readyz")
    ResponseEntity<Readiness> ready() {
        // Not accepting traffic before the start is complete, and from the signal to stop on.
        boolean ready = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
        Map<String, String> outcomes = new TreeMap<>(Map.of("process", ready ? OK : UNAVAILABLE));
        // The start says in the log what it waits for.
        startup.pending().forEach(subject -> outcomes.put(subject, PENDING));
        for (HealthCheck check : checks) {
            if (!outcomes.containsKey(check.name())) {
                boolean passed = passes(check);
                outcomes.put(check.name(), passed ? OK : UNAVAILABLE);
                ready &= passed || !check.required();
            }
        }
        return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(new Readiness(ready ? OK : UNAVAILABLE, outcomes));
    }

    private static boolean passes(HealthCheck check) {
        try {
            check.run();
            return true;
        } catch (RuntimeException failure) {
            log.warn("Health check of the {} failed: {}", check.name(), failure.getMessage());
            return false;
        }
    }
}
