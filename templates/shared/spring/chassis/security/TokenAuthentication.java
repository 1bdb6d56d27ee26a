package com.example.shop.chassis.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import com.example.shop.chassis.http.Problem;

/** Authenticates requests by their tokens, each signature checked only once in a while. */
class TokenAuthentication implements AuthenticationManager {

    // Not a number of tokens: one that names many groups is 12 KiB long, and others are a twentieth of that.
    private static final int MAX_BYTES = 8 * 1024 * 1024;
    private static final int OVERHEAD = 500;
    private final TokenVerifier verifier;
    private final Cache<String, TokenVerifier.Verified> verified = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((String token, TokenVerifier.Verified known) -> token.length() + OVERHEAD)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    TokenAuthentication(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public Authentication authenticate(Authentication request) {
        String token = ((BearerTokenAuthenticationToken) request).getToken();
        try {
            TokenVerifier.Verified known = verified.get(token, verifier::verify);
            if (known.expiresAt().isAfter(Instant.now())) {
                return new CallerAuthentication(known.caller());
            }
        } catch (JwtException invalid) {
            throw new InvalidBearerTokenException("The token is not valid.", invalid);
        } catch (Problem unavailable) {
            // Spring Security would throw an AuthenticationServiceException on, which is answered with status 500.
            throw new InvalidBearerTokenException("The token cannot be verified now.", unavailable);
        }
        throw new InvalidBearerTokenException("The token has expired.");
    }
}
