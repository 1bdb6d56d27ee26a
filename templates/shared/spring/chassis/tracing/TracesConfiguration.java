package com.example.shop.chassis.tracing;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Calls and events are traced if there is an address to send their spans to. */
@Configuration(proxyBeanMethods = false)
class TracesConfiguration {

    @Bean
    Traces traces(
            ObjectProvider<ObservationRegistry> observations, @Value("${shop.traces-endpoint:}") String endpoint) {
        // A trace that is not recorded here would not be recorded where it is continued, either.
        return endpoint.isEmpty() ? Traces.NONE : new Traces(observations.getObject());
    }
}
