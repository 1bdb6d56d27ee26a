package com.example.shop.chassis.calls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.startup.StartupRefused;

/** Verifies the tokens of services that call this one. */
@Component
class CallerVerifier {

    // How far the clocks of two machines may differ.
    private static final Duration LEEWAY = Duration.ofSeconds(10);
    private final String service;
    private final Map<String, Caller> callers = new HashMap<>();
    private final Cache<String, Instant> verified =
            Caffeine.newBuilder().maximumSize(1000).build();

    private record Caller(String name, Ed25519PublicKeyParameters key) {}

    CallerVerifier(CallSettings settings) {
        this.service = settings.service();
        // A caller may be listed twice during a rotation of its key, with the old and the new one.
        for (String entry : settings.callers().split(",", -1)) {
            if (!entry.isBlank()) {
                String[] parts = entry.strip().split("=", 2);
                if (parts.length < 2 || parts[0].isEmpty()) {
                    throw new StartupRefused("CALLERS is invalid: each caller is written like NAME=KEY.");
                }
                Ed25519PublicKeyParameters key = ServiceKeys.publicKey(parts[1]);
                callers.put(ServiceKeys.id(key), new Caller(parts[0], key));
            }
        }
    }

    /** Returns whether a listed caller issued the token for this service, and it is still valid. */
    boolean admits(String token) {
        Instant now = Instant.now();
        Instant until = verified.getIfPresent(token);
        if (until == null) {
            until = expiry(token, now);
            // A refused token is checked again: that of a caller whose clock is ahead is soon valid.
            if (now.isBefore(until)) {
                verified.put(token, until);
            }
        }
        return now.isBefore(until);
    }

    /** Returns until when the token is valid; a moment in the past for any other text. */
    private Instant expiry(String token, Instant now) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            Caller caller = callers.get(parsed.getHeader().getKeyID());
            if (caller != null
                    && hasType(parsed.getHeader())
                    && parsed.verify(new ServiceKeys.Verifier(caller.key))
                    && isFor(parsed.getJWTClaimsSet(), caller, now)) {
                return parsed.getJWTClaimsSet().getExpirationTime().toInstant().plus(LEEWAY);
            }
        } catch (ParseException | JOSEException | IllegalStateException malformed) {
            return Instant.MIN;
        }
        return Instant.MIN;
    }

    private static boolean hasType(JWSHeader header) {
        return ServiceTokens.TYPE.equals(header.getType());
    }

    private boolean isFor(JWTClaimsSet claims, Caller caller, Instant now) {
        Date issued = claims.getIssueTime();
        Date expires = claims.getExpirationTime();
        return caller.name.equals(claims.getIssuer())
                && claims.getAudience().contains(service)
                && issued != null
                && expires != null
                && !issued.toInstant().isAfter(now.plus(LEEWAY))
                && Duration.between(issued.toInstant(), expires.toInstant()).compareTo(ServiceTokens.LIFETIME) <= 0;
    }
}
