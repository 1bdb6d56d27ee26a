package com.example.shop.chassis.calls;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * Service tokens: signed JSON Web Tokens (RFC 7519) that identify the caller for a minute.
 *
 * <p>{@code iss} is the caller and {@code aud} the provider: a token is valid for one provider only, and a leaked one
 * expires soon.
 */
class ServiceTokens {

    static final JOSEObjectType TYPE = new JOSEObjectType("service+jwt");
    static final Duration LIFETIME = Duration.ofMinutes(1);
    private final String service;
    private final Ed25519PrivateKeyParameters key;
    private final String audience;
    private volatile Issued issued = new Issued("", Instant.MIN);

    private record Issued(String token, Instant renewedAt) {}

    /** Issues the tokens with which a service calls another one, its audience. */
    ServiceTokens(String service, String secret, String audience) {
        this.service = service;
        this.key = ServiceKeys.privateKey(secret);
        this.audience = audience;
    }

    /** Returns a token that is valid for at least another half minute. */
    String token() {
        Issued last = issued;
        if (Instant.now().isAfter(last.renewedAt)) {
            last = issue();
            issued = last;
        }
        return last.token;
    }

    private Issued issue() {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(service)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        JWSHeader header = new JWSHeader.Builder(ServiceKeys.ALGORITHM)
                .type(TYPE)
                .keyID(ServiceKeys.id(key.generatePublicKey()))
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ServiceKeys.Signer(key));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return new Issued(token.serialize(), now.plus(LIFETIME.dividedBy(2)));
    }
}
