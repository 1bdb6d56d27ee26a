package com.example.shop.chassis.calls;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

import com.example.shop.chassis.http.ProblemWriter;

/** Security of the paths for other services. The edge routes none of them. */
@Configuration(proxyBeanMethods = false)
class CallConfiguration {

    private static final String PREFIX = "/internal/";
    // For administrators, not for services.
    private static final Pattern AUDIT = Pattern.compile("/internal/audit(/[a-z]+)?");

    @Bean
    CircuitBreakerRegistry circuits() {
        return CircuitBreakerRegistry.of(ServiceClient.CIRCUIT);
    }

    @Bean
    @Order(1)
    SecurityFilterChain callFilterChain(HttpSecurity http, CallerVerifier callers, ProblemWriter problems) {
        return http.securityMatcher(request -> request.getRequestURI().startsWith(PREFIX)
                        && !AUDIT.matcher(request.getRequestURI()).matches())
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new CallFilter(callers, problems), AnonymousAuthenticationFilter.class)
                .build();
    }
}
