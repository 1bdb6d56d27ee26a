package com.example.shop.chassis.telemetry;

import io.micrometer.common.KeyValues;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/** The names of the metric of requests, which the dashboard and the alerts use. */
@Component
class RequestConvention extends DefaultServerRequestObservationConvention {

    static final String ROUTE = "route";
    private static final String UNMATCHED = "unmatched";
    private static final int FAILED = 500;

    RequestConvention() {
        super("http.request.duration");
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        int status =
                context.getResponse() == null ? FAILED : context.getResponse().getStatus();
        // Use the route template: raw paths have unbounded cardinality.
        String route = context.getPathPattern() == null ? UNMATCHED : context.getPathPattern();
        return KeyValues.of("method", request(context).getMethod(), ROUTE, route, "status", Integer.toString(status));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.of("url.path", request(context).getRequestURI());
    }

    private static HttpServletRequest request(ServerRequestObservationContext context) {
        return Objects.requireNonNull(context.getCarrier());
    }
}
