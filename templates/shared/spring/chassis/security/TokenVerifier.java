package com.example.shop.chassis.security;

import java.time.Instant;
import java.util.Map;
import org.springframework.security.oauth2.jwt.JwtException;

/** Authenticates callers by their bearer tokens. */
public interface TokenVerifier {

    /** A verified token: its bearer, and until when it is valid. */
    record Verified(Caller caller, Instant expiresAt) {}

    /** Returns the {@code WWW-Authenticate} header for requests without a valid token. */
    default String challenge() {
        return "Bearer";
    }

    /** Returns the same for requests with a token that is not valid. */
    default String refusal() {
        return challenge();
    }

    /** Returns how to get a token, as a security scheme of OpenAPI. */
    default Map<String, Object> securityScheme() {
        return Map.of("type", "http", "scheme", "bearer", "bearerFormat", "JWT");
    }

    /**
     * Returns the bearer of the token; throws an exception for a forged, expired or misaddressed one.
     *
     * <p>Throws the problem {@code unavailable} while no token can be verified.
     */
    Verified verify(String token) throws JwtException;
}
