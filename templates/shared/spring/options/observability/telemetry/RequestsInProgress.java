package com.example.shop.chassis.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Counts the requests that are being served. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestsInProgress extends OncePerRequestFilter {

    private final AtomicInteger count = new AtomicInteger();

    RequestsInProgress(MeterRegistry registry) {
        Gauge.builder("http.requests.in.progress", count, AtomicInteger::get)
                .description("Requests currently being served.")
                .register(registry);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        count.incrementAndGet();
        try {
            chain.doFilter(request, response);
        } finally {
            count.decrementAndGet();
        }
    }
}
