package com.example.shop.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signing keys and tokens: access tokens in the form of RFC 9068, and ID tokens. */
class Tokens {

    static final Duration LIFETIME = Duration.ofMinutes(10);
    static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;
    private final String issuer;
    private final String audience;
    private volatile List<ECKey> keys = List.of(newKey());

    Tokens(String issuer, String audience) {
        this.issuer = issuer;
        this.audience = audience;
    }

    /** Signs with a new key from now on; the previous key stays published, older ones do not. */
    void rotate() {
        keys = List.of(newKey(), keys.getFirst());
    }

    /** Returns the published keys. */
    Map<String, Object> published() {
        return new JWKSet(keys.stream().<JWK>map(key -> key).toList()).toJSONObject();
    }

    /** Returns an access token with which the client acts for itself. */
    String issue(Clients.Client client, String scope) {
        return accessToken(claims(client.subject(), audience), client.id(), scope, client.roles());
    }

    /** Returns an access token with which the client acts for a person. */
    String issue(String clientId, Account account, String scope) {
        return accessToken(
                withEmail(claims(account.email(), audience), account, scope), clientId, scope, account.roles());
    }

    /** Returns an ID token: it tells the client who has logged in (OpenID Connect Core 1.0, section 2). */
    String identify(String clientId, Account account, String scope, @Nullable String nonce) {
        JWTClaimsSet.Builder claims = withEmail(claims(account.email(), clientId), account, scope);
        return signed(JOSEObjectType.JWT, claims.claim("nonce", nonce));
    }

    private String accessToken(JWTClaimsSet.Builder claims, String clientId, String scope, List<String> roles) {
        return signed(
                new JOSEObjectType("at+jwt"),
                claims.claim("client_id", clientId)
                        .claim("azp", clientId)
                        .claim("scope", scope)
                        .claim("roles", roles)
                        .jwtID(UUID.randomUUID().toString()));
    }

    private JWTClaimsSet.Builder claims(String subject, String tokenAudience) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(tokenAudience)
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
    }

    private static JWTClaimsSet.Builder withEmail(JWTClaimsSet.Builder claims, Account account, String scope) {
        return List.of(scope.split(" ")).contains("email")
                ? claims.claim("email", account.email()).claim("email_verified", true)
                : claims;
    }

    private String signed(JOSEObjectType type, JWTClaimsSet.Builder claims) {
        ECKey key = keys.getFirst();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(ALGORITHM)
                        .type(type)
                        .keyID(key.getKeyID())
                        .build(),
                claims.build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
        return token.serialize();
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(ALGORITHM)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
