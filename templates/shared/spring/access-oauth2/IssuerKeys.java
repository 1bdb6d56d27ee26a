package com.example.shop.chassis.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.example.shop.chassis.http.HealthCheck;

/**
 * The issuer's published keys.
 *
 * <p>They are fetched when the first token is verified, again before five minutes have passed, and when a token names an
 * unknown key; then only once in ten seconds, so that invented keys do not make the shop flood the issuer. While the
 * issuer does not answer, the known keys stay in use.
 */
@Configuration(proxyBeanMethods = false)
class IssuerKeys {

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration FETCH_AHEAD = Duration.ofSeconds(30);
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

    @Bean
    JWKSource<SecurityContext> publishedKeys(IssuerSettings settings) {
        return JWKSourceBuilder.create(new DiscoveredKeys(settings.issuer(), settings.discovery()))
                .cache(LIFETIME.toMillis(), FETCH_TIMEOUT.toMillis())
                .refreshAheadCache(FETCH_AHEAD.toMillis(), true)
                .rateLimited(MIN_INTERVAL.toMillis())
                .outageTolerantForever()
                .build();
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
    static boolean known(JWKSource<SecurityContext> keys) {
        try {
            return !keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null)
                    .isEmpty();
        } catch (KeySourceException unavailable) {
            return false;
        }
    }
}
