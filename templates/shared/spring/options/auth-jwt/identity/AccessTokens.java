package com.example.shop.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.security.AccessTokenVerifier;
import com.example.shop.chassis.security.TokenVerifier;

/** Access tokens: short-lived, signed statements of the caller's identity (JWT profile of RFC 9068). */
@Component
class AccessTokens {

    static final Duration LIFETIME = Duration.ofMinutes(10);
    private final IdentitySettings settings;
    private final SigningKeys keys;
    private final JwtEncoder encoder;

    AccessTokens(IdentitySettings settings, SigningKeys keys) {
        this.settings = settings;
        this.keys = keys;
        this.encoder = new NimbusJwtEncoder(new ImmutableJWKSet<>(keys.all()));
    }

    @Bean
    static TokenVerifier tokenVerifier(IdentitySettings settings, SigningKeys keys) {
        return new AccessTokenVerifier(
                new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(keys.all())),
                new DefaultJWSVerifierFactory(),
                settings.tokenIssuer(),
                settings.tokenAudience());
    }

    /** Returns a token for the user that is valid from now on for {@link #LIFETIME}. */
    String issue(User user) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(settings.tokenIssuer())
                .audience(List.of(settings.tokenAudience()))
                .subject(user.id().toString())
                .issuedAt(now)
                .notBefore(now)
                .expiresAt(now.plus(LIFETIME))
                .id(Ids.next().toString())
                .claim("email", Objects.requireNonNull(user.email()))
                .claim("roles", user.roles())
                .build();
        JwsHeader header = JwsHeader.with(SignatureAlgorithm.ES256)
                .type(AccessTokenVerifier.TYPE.getType())
                .keyId(keys.currentId())
                .build();
        return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }
}
