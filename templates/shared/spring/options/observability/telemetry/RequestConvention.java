package com.example.shop.chassis.telemetry;

import io.micrometer.common.KeyValues;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/** The names of the metric of requests, which the dashboard and the alerts use. */
@Component
class RequestConvention extends DefaultServerRequestObservationConvention {

    static final String ROUTE = "route";
    private static final String UNMATCHED = "unmatched";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    // As OpenTelemetry names any other method.
    private static final String OTHER = "_OTHER";
    private static final int FAILED = 500;

    RequestConvention() {
        super("http.request.duration");
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        int status =
                context.getResponse() == null ? FAILED : context.getResponse().getStatus();
        // Use the route template and known methods: what clients write has unbounded cardinality.
        String route = context.getPathPattern() == null ? UNMATCHED : context.getPathPattern();
        String method = request(context).getMethod();
        return KeyValues.of(
                "method", METHODS.contains(method) ? method : OTHER, ROUTE, route, "status", Integer.toString(status));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.of("url.path", request(context).getRequestURI());
    }

    private static HttpServletRequest request(ServerRequestObservationContext context) {
        return Objects.requireNonNull(context.getCarrier());
    }
}
