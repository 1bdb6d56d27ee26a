package com.example.shop.analytics;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.http.Parameters;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.http.RateLimit;
import com.example.shop.chassis.http.RateLimits;
import com.example.shop.chassis.messaging.DeliveryUnavailable;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.bus.Bus;
import com.example.shop.chassis.security.AccessRules;
import com.example.shop.chassis.security.Caller;
import com.example.shop.chassis.tracing.Traces;

/** HTTP API of analytics: figures for administrators, product views from any client. */
@RestController
@RequestMapping("/v1/analytics")
class AnalyticsController {

    private static final Logger log = LoggerFactory.getLogger(AnalyticsController.class);
    private static final String VIEWED = "ProductViewed";
    private final Analytics analytics;
    private final SummaryStream stream;
    private final Bus bus;
    private final JsonMapper json;
    private final Traces traces;
    private final RateLimits limits;
    private final RateLimit viewsPerAddress;

    AnalyticsController(
            Analytics analytics,
            SummaryStream stream,
            Bus bus,
            JsonMapper json,
            Traces traces,
            RateLimits limits,
            @Value("${shop.views-per-address}") RateLimit viewsPerAddress) {
        this.analytics = analytics;
        this.stream = stream;
        this.bus = bus;
        this.json = json;
        this.traces = traces;
        this.limits = limits;
        this.viewsPerAddress = viewsPerAddress;
    }

    @Bean
    static AccessRules analyticsRules() {
        return requests -> requests.requestMatchers("/v1/analytics/summary", "/v1/analytics/stream")
                .hasRole(Caller.ADMIN);
    }

    /** A product view to record: the data of its event, without any about the visitor. */
    record View(@NotNull @Pattern(regexp = Parameters.SKU) String sku) {}

    /** Publishes the view without an outbox: to lose one costs less than a transaction for each. */
    @PostMapping("/views")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void recordView(@Valid @RequestBody View body, HttpServletRequest request) {
        limits.hit("views", request.getRemoteAddr(), viewsPerAddress);
        UUID id = Ids.next();
        // Views need no order, and the SKU as key would overload the partition of a popular product.
        String traceparent = traces.traceparent("send " + VIEWED);
        Event event = new Event(id, VIEWED, 1, Clock.now(), id.toString(), traceparent, json.writeValueAsString(body));
        try {
            bus.publish(Analytics.CONTEXT, event);
        } catch (DeliveryUnavailable unavailable) {
            log.warn("A product view is not recorded: {}", unavailable.getMessage());
            throw Problem.unavailable("The bus is not responding. Try again later.");
        }
    }

    @GetMapping("/summary")
    Summary summary() {
        return analytics.summary();
    }

    @GetMapping("/stream")
    void follow(HttpServletResponse response) throws InterruptedException {
        stream.send(response);
    }
}
