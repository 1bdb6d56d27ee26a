package com.example.shop.chassis.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.example.shop.chassis.http.HealthCheck;

/** The issuer's keys, and the check that they are known. */
@Configuration(proxyBeanMethods = false)
class IssuerKeys {

    private static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

    @Bean
    JWKSource<SecurityContext> publishedKeys(IssuerSettings settings) {
        return new PublishedKeys(new DiscoveredKeys(settings.issuer(), settings.discovery()), MIN_INTERVAL);
    }

    /** Not ready until the keys have been fetched once: no token can be verified before. */
    @Bean
    HealthCheck identityCheck(JWKSource<SecurityContext> publishedKeys) {
        return new HealthCheck() {
            @Override
            public String name() {
                return "identity";
            }

            @Override
            public void run() {
                if (!known(publishedKeys)) {
                    throw new IllegalStateException("The issuer's keys have not been fetched yet.");
                }
            }
        };
    }

    /** Returns whether there are keys, after an attempt to fetch them if there are none. */
    private static boolean known(JWKSource<SecurityContext> keys) {
        try {
            return !keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null)
                    .isEmpty();
        } catch (KeySourceException unavailable) {
            return false;
        }
    }
}
