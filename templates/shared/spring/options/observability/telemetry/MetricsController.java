package com.example.shop.chassis.telemetry;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint that Prometheus scrapes; the edge never routes it. */
@RestController
class MetricsController {

    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");
    private final PrometheusMeterRegistry registry;
    private final List<ScrapedGauges<?>> gauges;

    MetricsController(PrometheusMeterRegistry registry, List<ScrapedGauges<?>> gauges) {
        this.registry = registry;
        this.gauges = gauges;
    }

    @GetMapping("/metrics")
    ResponseEntity<String> read() {
        gauges.forEach(ScrapedGauges::refresh);
        return ResponseEntity.ok().contentType(TEXT).body(registry.scrape());
    }
}
