package com.example.shop.chassis.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/** Which web pages of other origins may call the shop (CORS); none by default. */
@Configuration(proxyBeanMethods = false)
class CrossOriginConfiguration {

    /** Returns the filter that Spring Security puts before its own. */
    @Bean
    CorsFilter corsFilter(@Value("${shop.cors-origins}") List<String> origins) {
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        if (!origins.isEmpty()) {
            source.registerCorsConfiguration("/**", allowing(origins));
        }
        CorsFilter filter = new CorsFilter(source);
        filter.setCorsProcessor(new Processor());
        return filter;
    }

    private static CorsConfiguration allowing(List<String> origins) {
        CorsConfiguration allowed = new Allowed(origins);
        allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        allowed.setAllowedHeaders(List.of(
                "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-ID"));
        allowed.setExposedHeaders(
                List.of("ETag", "Idempotent-Replayed", "Location", "Retry-After", "WWW-Authenticate", "X-Request-ID"));
        return allowed;
    }

    /** In an allowed origin, {@code *} stands for a port or for one label of the host's name; Spring's for any text. */
    private static class Allowed extends CorsConfiguration {
        private final Pattern origins;

        Allowed(List<String> origins) {
            this.origins = Pattern.compile(origins.stream()
                    .map(each -> Pattern.quote(each).replace("*", "\\E[A-Za-z0-9-]+\\Q"))
                    .collect(Collectors.joining("|")));
        }

        @Override
        public @Nullable String checkOrigin(@Nullable String origin) {
            return origin != null && origins.matcher(origin).matches() ? origin : null;
        }
    }

    /** Answers requests of other origins without the headers that let their pages read the response. */
    private static class Processor extends DefaultCorsProcessor {
        @Override
        public boolean processRequest(
                @Nullable CorsConfiguration allowed, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            boolean other = allowed != null && allowed.checkOrigin(request.getHeader(HttpHeaders.ORIGIN)) == null;
            if (other && !CorsUtils.isPreFlightRequest(request)) {
                // A cache must not give it to a page of an allowed origin.
                response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
                return true;
            }
            return super.processRequest(allowed, request, response);
        }
    }
}
