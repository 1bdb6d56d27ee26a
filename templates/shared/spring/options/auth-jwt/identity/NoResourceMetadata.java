package com.example.shop.identity;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Keeps Spring Security from answering the path of RFC 9728: a shop with its own accounts has no other issuer to name.
 *
 * <p>Spring Security has no switch for it, so this path gets a filter chain that is not a resource server.
 */
@Configuration(proxyBeanMethods = false)
class NoResourceMetadata {

    @Bean
    @Order(0)
    SecurityFilterChain noResourceMetadataFilterChain(HttpSecurity http) {
        return http.securityMatcher("/.well-known/oauth-protected-resource/**")
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }
}
