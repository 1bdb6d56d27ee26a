package com.example.shop.chassis.security;

import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Access with accounts in the identity service, whose published keys verify its tokens. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("shop.access.identity-url")
class AccessConfiguration {

    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

    @Bean
    PublishedKeys publishedKeys(@Value("${shop.access.identity-url}") URI identity) throws MalformedURLException {
        URL address = identity.resolve("/.well-known/jwks.json").toURL();
        return new PublishedKeys(new URLBasedJWKSetSource<>(address, new IssuerClient()), MIN_INTERVAL);
    }

    @Bean
    TokenVerifier tokenVerifier(
            PublishedKeys publishedKeys,
            @Value("${shop.access.token-issuer}") String issuer,
            @Value("${shop.access.token-audience}") String audience) {
        IdentityKeys keys = new IdentityKeys(publishedKeys);
        return new AccessTokenVerifier(keys, keys, issuer, audience);
    }
}
