package com.example.shop.identity;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.security.Caller;
import com.example.shop.chassis.security.TokenVerifier;

/** Access tokens: short-lived, signed statements of the caller's identity (JWT profile of RFC 9068). */
@Component
class AccessTokens implements TokenVerifier {

    static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final SignatureAlgorithm ALGORITHM = SignatureAlgorithm.ES256;
    // How far the clocks of two machines may differ.
    private static final Duration LEEWAY = Duration.ofSeconds(10);
    private final IdentitySettings settings;
    private final SigningKeys keys;
    private final JwtEncoder encoder;
    private final JwtDecoder decoder;

    AccessTokens(IdentitySettings settings, SigningKeys keys) {
        this.settings = settings;
        this.keys = keys;
        JWKSource<SecurityContext> source = new ImmutableJWKSet<>(keys.all());
        this.encoder = new NimbusJwtEncoder(source);
        NimbusJwtDecoder verifying = NimbusJwtDecoder.withJwkSource(source)
                .jwsAlgorithm(ALGORITHM)
                .jwtProcessorCustomizer(
                        processor -> processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(TYPE)))
                .build();
        verifying.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(LEEWAY),
                new JwtIssuerValidator(settings.tokenIssuer()),
                new JwtAudienceValidator(settings.tokenAudience())));
        this.decoder = verifying;
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
        JwsHeader header = JwsHeader.with(ALGORITHM)
                .type(TYPE.getType())
                .keyId(keys.currentId())
                .build();
        return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }

    @Override
    public Verified verify(String token) {
        Jwt claims = decoder.decode(token);
        Caller caller = new Caller(
                UUID.fromString(claims.getSubject()),
                claims.getClaimAsString("email"),
                Set.copyOf(Objects.requireNonNull(claims.getClaimAsStringList("roles"))));
        return new Verified(caller, Objects.requireNonNull(claims.getExpiresAt()));
    }
}
