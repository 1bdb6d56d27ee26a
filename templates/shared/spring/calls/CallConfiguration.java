package com.example.shop.chassis.calls;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.util.matcher.RequestMatcher;

import com.example.shop.chassis.http.ProblemWriter;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.pathPattern;
import static org.springframework.security.web.util.matcher.RequestMatchers.allOf;
import static org.springframework.security.web.util.matcher.RequestMatchers.anyOf;
import static org.springframework.security.web.util.matcher.RequestMatchers.not;

/** Security of the paths for other services. The edge routes none of them. */
@Configuration(proxyBeanMethods = false)
class CallConfiguration {

    // Decoded like the paths of controllers, so that no other spelling of a path gets past the filter.
    private static final RequestMatcher CALLS = allOf(
            pathPattern("/internal/**"),
            // For administrators, not for services.
            not(anyOf(pathPattern("/internal/audit"), pathPattern("/internal/audit/*"))));

    @Bean
    CircuitBreakerRegistry circuits() {
        return CircuitBreakerRegistry.of(ServiceClient.CIRCUIT);
    }

    @Bean
    @Order(1)
    SecurityFilterChain callFilterChain(HttpSecurity http, CallerVerifier callers, ProblemWriter problems) {
        return http.securityMatcher(CALLS)
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new CallFilter(callers, problems), AnonymousAuthenticationFilter.class)
                .build();
    }
}
