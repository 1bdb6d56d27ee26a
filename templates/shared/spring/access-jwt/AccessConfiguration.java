package com.example.shop.chassis.security;

import java.net.MalformedURLException;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Access with accounts in the identity service, whose published keys verify its tokens. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("shop.access.identity-url")
class AccessConfiguration {

    @Bean
    TokenVerifier tokenVerifier(
            @Value("${shop.access.identity-url}") URI identity,
            @Value("${shop.access.token-issuer}") String issuer,
            @Value("${shop.access.token-audience}") String audience)
            throws MalformedURLException {
        PublishedKeys published =
                new PublishedKeys(identity.resolve("/.well-known/jwks.json").toURL());
        IdentityKeys keys = new IdentityKeys(published);
        return new AccessTokenVerifier(keys, keys, issuer, audience);
    }
}
