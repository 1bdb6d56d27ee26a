package com.example.shop.chassis.calls;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics of calls to other services. */
@Configuration(proxyBeanMethods = false)
class CallMetrics {

    @Bean
    MeterBinder circuitMetrics(CircuitBreakerRegistry circuits) {
        return registry -> circuits.getAllCircuitBreakers()
                .forEach(circuit -> Gauge.builder(
                                "peer.circuit.open",
                                circuit,
                                each -> each.getState() == CircuitBreaker.State.CLOSED ? 0 : 1)
                        .description("1 while the circuit to the peer is open, because too many calls failed.")
                        .tag("peer", circuit.getName())
                        .register(registry));
    }
}
