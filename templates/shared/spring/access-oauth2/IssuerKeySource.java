package com.example.shop.chassis.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's published keys.
 *
 * <p>They are fetched when the first token is verified, again before five minutes have passed, and when a token names an
 * unknown key; then only once in ten seconds, so that invented keys do not make the shop flood the issuer. While the
 * issuer does not answer, the known keys stay in use, and an unknown one may be new, so it is not refused.
 */
class IssuerKeySource implements JWKSource<SecurityContext>, Closeable {

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration FETCH_AHEAD = Duration.ofSeconds(30);
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(10);
    private final DiscoveredKeys issuer;
    private final JWKSource<SecurityContext> published;

    IssuerKeySource(IssuerSettings settings) {
        this.issuer = new DiscoveredKeys(settings.issuer(), settings.discovery());
        this.published = JWKSourceBuilder.create(issuer)
                .cache(LIFETIME.toMillis(), FETCH_TIMEOUT.toMillis())
                .refreshAheadCache(FETCH_AHEAD.toMillis(), true)
                .rateLimited(MIN_INTERVAL.toMillis())
                .outageTolerantForever()
                .build();
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        List<JWK> found = matching(selector, context);
        if (found.isEmpty() && !issuer.isReachable()) {
            throw new JWKSetUnavailableException("The issuer does not answer whether it has the key.");
        }
        return found;
    }

    private List<JWK> matching(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            return published.get(selector, context);
        } catch (RateLimitReachedException limited) {
            // It was not among the keys that were fetched a moment ago, if they were.
            return List.of();
        }
    }

    @Override
    public void close() throws IOException {
        if (published instanceof Closeable open) {
            open.close();
        }
    }
}
