package com.example.shop.chassis.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.Problem;

/** Verifies the access tokens of an OpenID Connect issuer: the shop is a resource server. */
@Component
class IssuerTokens implements TokenVerifier {

    private static final Logger log = LoggerFactory.getLogger(IssuerTokens.class);
    // Only asymmetric ones: with a MAC, anybody could sign with the public key as the secret.
    private static final Set<SignatureAlgorithm> ALGORITHMS =
            Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256);
    // A token may also have no type.
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES = new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null);
    // How far the clocks of two machines may differ.
    private static final Duration LEEWAY = Duration.ofSeconds(10);
    private final IssuerSettings settings;
    private final JwtDecoder decoder;
    private final String metadata;

    IssuerTokens(IssuerSettings settings, JWKSource<SecurityContext> publishedKeys) {
        this.settings = settings;
        this.metadata = "resource_metadata=\"" + settings.resource() + IssuerSettings.METADATA_PATH + '"';
        NimbusJwtDecoder verifying = NimbusJwtDecoder.withJwkSource(publishedKeys)
                .jwsAlgorithms(algorithms -> algorithms.addAll(ALGORITHMS))
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier(TYPES))
                .build();
        verifying.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(LEEWAY),
                new JwtIssuerValidator(settings.issuer()),
                new JwtAudienceValidator(settings.audience())));
        this.decoder = verifying;
    }

    /** A request without a token gets no error code (RFC 6750, section 3.1). */
    @Override
    public String challenge() {
        return "Bearer " + metadata;
    }

    @Override
    public String refusal() {
        return "Bearer error=\"invalid_token\", " + metadata;
    }

    @Override
    public Map<String, Object> securityScheme() {
        String discovery = settings.publicDiscovery().toString();
        return Map.of("type", "openIdConnect", "openIdConnectUrl", discovery);
    }

    @Override
    public Verified verify(String token) {
        Jwt claims = decoded(token);
        Instant expiresAt = claims.getExpiresAt();
        if (expiresAt == null) {
            throw new BadJwtException("The token does not expire.");
        }
        IssuerClaims.checkUse(claims, settings.clients());
        return new Verified(
                IssuerClaims.caller(claims, settings.issuer(), settings.audience(), settings.adminRole()),
                expiresAt.plus(LEEWAY));
    }

    private Jwt decoded(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException invalid) {
            throw invalid;
        } catch (JwtException unavailable) {
            log.warn("The token cannot be verified: {}", unavailable.getMessage());
            throw Problem.unavailable("The token issuer is unavailable. Try again later.");
        }
    }
}
