package com.example.shop.dev;

import io.micrometer.observation.ObservationPredicate;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** Which requests of the gateway are traced: all but probes, as in the services. */
@Configuration(proxyBeanMethods = false)
class GatewayTraces {

    private static final Set<String> PROBES = Set.of("/livez", "/startupz", "/readyz");

    @Bean
    ObservationPredicate withoutProbes() {
        return (kind, context) -> !(context instanceof ServerRequestObservationContext request
                && request.getCarrier() != null
                && PROBES.contains(request.getCarrier().getRequestURI()));
    }
}
