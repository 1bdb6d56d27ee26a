package com.example.shop.chassis.telemetry;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationView;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import com.example.shop.chassis.cache.ResponseCache;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.Traces;

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

    /** Leaves out the statements of requests whose spans are left out, too. */
    @Bean
    ObservationPredicate withoutStatementsOfProbes() {
        return (kind, context) -> !kind.equals(Traces.STATEMENT) || !isProbe(context.getParentObservation());
    }

    private static boolean isProbe(@Nullable ObservationView request) {
        return request != null
                && request.getContextView() instanceof ServerRequestObservationContext served
                && served.getCarrier() != null
                && UNTRACED.contains(served.getCarrier().getRequestURI());
    }

    /** Lets statements have spans, if there is an address to send them to. */
    @Bean
    static BeanPostProcessor tracedStatements(
            ObjectProvider<Traces> traces, @Value("${shop.traces-endpoint}") String endpoint) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof JdbcTemplate template && !endpoint.isEmpty()
                        ? new TracedStatements(template, traces.getObject())
                        : bean;
            }
        };
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
