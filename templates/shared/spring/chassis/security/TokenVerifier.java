package com.example.shop.chassis.security;

import java.time.Instant;
import org.springframework.security.oauth2.jwt.JwtException;

/** Authenticates callers by their bearer tokens. */
public interface TokenVerifier {

    /** A verified token: its bearer, and until when it is valid. */
    record Verified(Caller caller, Instant expiresAt) {}

    /** Returns the {@code WWW-Authenticate} header for requests without a valid token. */
    default String challenge() {
        return "Bearer";
    }

    /** Returns the bearer of the token; throws an exception for a forged, expired or misaddressed one. */
    Verified verify(String token) throws JwtException;
}
