package com.example.shop.chassis.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that another service publishes; known ones stay in use while it does not answer. */
class PublishedKeys implements JWKSource<SecurityContext> {

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(15);
    private static final int TIMEOUT_MILLIS = 5000;
    // Invented key ids must not make this service flood the other one.
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    private final JWKSource<SecurityContext> source;
    private volatile boolean fetched;

    PublishedKeys(URL url) {
        this.source = JWKSourceBuilder.create(url, new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS))
                .cache(FRESH.toMillis(), FETCH_TIMEOUT.toMillis())
                .rateLimited(MIN_INTERVAL.toMillis())
                .retrying(true)
                .outageTolerantForever()
                .build();
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            List<JWK> found = source.get(selector, context);
            fetched = true;
            return found;
        } catch (RateLimitReachedException limited) {
            if (fetched) {
                // The key was not among those that were fetched a moment ago.
                return List.of();
            }
            throw limited;
        }
    }
}
