package com.example.shop.chassis.telemetry;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint that Prometheus scrapes; the edge never routes it. */
@RestController
class MetricsController {

    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");
    private final PrometheusMeterRegistry registry;
    private final OutboxGauges outboxes;

    MetricsController(PrometheusMeterRegistry registry, OutboxGauges outboxes) {
        this.registry = registry;
        this.outboxes = outboxes;
    }

    @GetMapping("/metrics")
    ResponseEntity<String> read() {
        outboxes.refresh();
        return ResponseEntity.ok().contentType(TEXT).body(registry.scrape());
    }
}
