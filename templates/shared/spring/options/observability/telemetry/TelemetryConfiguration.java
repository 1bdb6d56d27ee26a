package com.example.shop.chassis.telemetry;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.example.shop.chassis.cache.ResponseCache;
import com.example.shop.chassis.messaging.Outbox;

/** Metrics of the process, the connections and the cache, and which requests are traced. */
@Configuration(proxyBeanMethods = false)
class TelemetryConfiguration {

    private static final Set<String> UNTRACED = Set.of("/livez", "/startupz", "/readyz", "/metrics");

    /** The gauges of the outboxes; a service may have none. */
    @Bean
    OutboxGauges outboxGauges(ObjectProvider<Outbox> outboxes, MeterRegistry registry) {
        return new OutboxGauges(outboxes.stream().toList(), registry);
    }

    @Bean
    MeterBinder processMetrics(PrometheusRegistry prometheus) {
        return registry -> ProcessMetrics.builder().register(prometheus);
    }

    @Bean
    MeterBinder connectionMetrics(HikariDataSource database) {
        return registry -> {
            connections(registry, database, "in_use", HikariPoolMXBean::getActiveConnections);
            connections(registry, database, "idle", HikariPoolMXBean::getIdleConnections);
        };
    }

    @Bean
    MeterBinder cacheMetrics(ResponseCache cache) {
        return registry -> cache.fetches()
                .keySet()
                .forEach(source -> Gauge.builder(
                                "cache.fetches",
                                cache,
                                fetched -> fetched.fetches().getOrDefault(source, 0L))
                        .description("Fetches since startup, by the source of the entry.")
                        .tag("source", source)
                        .register(registry));
    }

    /** The label of Spring's observations that the status of the response makes superfluous. */
    @Bean
    MeterFilter withoutErrors() {
        return MeterFilter.ignoreTags("error");
    }

    /** Records every trace that the caller has not excluded; none if there is no address to send them to. */
    @Bean
    Sampler sampler(@Value("${shop.traces-endpoint}") String endpoint) {
        return endpoint.isEmpty() ? Sampler.alwaysOff() : Sampler.parentBased(Sampler.alwaysOn());
    }

    @Bean
    SpanExportingPredicate withoutProbes() {
        return span -> !UNTRACED.contains(span.getTags().getOrDefault(RequestConvention.ROUTE, ""));
    }

    private static void connections(
            MeterRegistry registry, HikariDataSource database, String state, ToIntFunction<HikariPoolMXBean> count) {
        Gauge.builder("database.connections", database, pool -> {
                    // There is no pool before the first connection.
                    HikariPoolMXBean opened = pool.getHikariPoolMXBean();
                    return opened == null ? 0 : count.applyAsInt(opened);
                })
                .description("Connections in the pool.")
                .tag("state", state)
                .register(registry);
    }
}
