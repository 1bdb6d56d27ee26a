package com.example.shop.chassis.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An unknown key is refused only if the issuer says that it has no such key. */
class PublishedKeysTest {

    private static final Duration MIN_INTERVAL = Duration.ofMillis(1);
    private final Issuer issuer = new Issuer();
    private final PublishedKeys keys = new PublishedKeys(issuer, MIN_INTERVAL);

    @AfterEach
    void close() throws Exception {
        keys.close();
    }

    @Test
    void aNewKeyIsFetchedAndAnInventedOneIsNotFound() throws Exception {
        assertThat(found("first")).hasSize(1);
        issuer.published = List.of(key("second"));
        assertThat(found("second")).hasSize(1);
        assertThat(found("invented")).isEmpty();
    }

    @Test
    void whileTheIssuerIsDownKnownKeysStayInUseAndAnUnknownOneIsNotRefused() throws Exception {
        assertThat(found("first")).hasSize(1);
        issuer.down = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> found("second")).isInstanceOf(JWKSetUnavailableException.class);
        }
        assertThat(found("first")).hasSize(1);
    }

    @Test
    void anIssuerThatIsDownAtFirstIsAskedAgain() throws Exception {
        issuer.down = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> found("first")).isInstanceOf(KeySourceException.class);
        }
        issuer.down = false;
        Thread.sleep(MIN_INTERVAL.multipliedBy(5));
        assertThat(found("first")).hasSize(1);
    }

    private List<JWK> found(String id) throws KeySourceException {
        return keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(id).build()), null);
    }

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** An issuer that the test stops. */
    private static final class Issuer implements JWKSetSource<SecurityContext> {
        private volatile List<JWK> published = List.of(key("first"));
        private volatile boolean down;

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
                throws KeySourceException {
            if (down) {
                throw new JWKSetUnavailableException("down");
            }
            return new JWKSet(published);
        }

        @Override
        public void close() {
            // It holds nothing open.
        }
    }
}
