package com.example.shop.chassis.calls;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.tracing.Traces;

/** Makes the clients of other services. All clients of one service share its circuit. */
@Component
public class ServiceClients {

    private final CallSettings settings;
    private final JsonMapper json;
    private final CircuitBreakerRegistry circuits;
    private final Traces traces;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(500))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    ServiceClients(CallSettings settings, JsonMapper json, CircuitBreakerRegistry circuits, Traces traces) {
        this.settings = settings;
        // Another version of a service may send more than this one reads.
        this.json = json.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        this.circuits = circuits;
        this.traces = traces;
    }

    /** Returns a new client of the service with that name. */
    public ServiceClient to(String service) {
        return to(service, ServiceClient.Limits.DEFAULT);
    }

    /** Returns a new client with other limits. */
    public ServiceClient to(String service, ServiceClient.Limits limits) {
        String url = settings.urls().get(service);
        if (url == null) {
            throw new IllegalStateException("shop.calls.urls has no address of " + service + '.');
        }
        ServiceTokens tokens = new ServiceTokens(settings.service(), settings.serviceKey(), service);
        return new ServiceClient(service, url, tokens, http, json, limits, circuits.circuitBreaker(service), traces);
    }
}
