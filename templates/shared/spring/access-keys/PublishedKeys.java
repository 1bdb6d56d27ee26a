package com.example.shop.chassis.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
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
 * The keys that the issuer of tokens publishes.
 *
 * <p>They are fetched when the first token is verified, again before five minutes have passed, and when a token names an
 * unknown key; then only once in an interval, so that invented keys do not make this program flood the issuer. While the
 * issuer does not answer, the known keys stay in use, and an unknown one may be new, so it is not refused.
 */
class PublishedKeys implements JWKSource<SecurityContext>, Closeable {

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration FETCH_AHEAD = Duration.ofSeconds(30);
    private final Issuer issuer;
    private final JWKSource<SecurityContext> known;

    PublishedKeys(JWKSetSource<SecurityContext> source, Duration minInterval) {
        this.issuer = new Issuer(source);
        this.known = JWKSourceBuilder.create(issuer)
                .cache(LIFETIME.toMillis(), FETCH_TIMEOUT.toMillis())
                .refreshAheadCache(FETCH_AHEAD.toMillis(), true)
                .rateLimited(minInterval.toMillis())
                .outageTolerantForever()
                .build();
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        List<JWK> found = matching(selector, context);
        if (found.isEmpty() && !issuer.reachable) {
            throw new JWKSetUnavailableException("The issuer does not answer whether it has the key.");
        }
        return found;
    }

    private List<JWK> matching(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            return known.get(selector, context);
        } catch (RateLimitReachedException limited) {
            // It was not among the keys that were fetched a moment ago, if they were.
            return List.of();
        }
    }

    @Override
    public void close() throws IOException {
        if (known instanceof Closeable open) {
            open.close();
        }
    }

    /** Notes whether the last attempt to fetch the keys succeeded. */
    private static final class Issuer extends JWKSetSourceWrapper<SecurityContext> {
        private volatile boolean reachable;

        Issuer(JWKSetSource<SecurityContext> source) {
            super(source);
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
                throws KeySourceException {
            boolean fetched = false;
            try {
                JWKSet keys = getSource().getJWKSet(refresh, now, context);
                fetched = true;
                return keys;
            } finally {
                reachable = fetched;
            }
        }
    }
}
