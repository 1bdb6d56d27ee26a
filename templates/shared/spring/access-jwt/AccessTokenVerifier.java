package com.example.shop.chassis.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

import com.example.shop.chassis.http.Problem;

/** Verifies the access tokens of the shop's own accounts (JWT profile of RFC 9068). */
public class AccessTokenVerifier implements TokenVerifier {

    public static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");
    private static final Logger log = LoggerFactory.getLogger(AccessTokenVerifier.class);
    // How far the clocks of two machines may differ.
    private static final Duration LEEWAY = Duration.ofSeconds(10);
    private final NimbusJwtDecoder decoder;

    public AccessTokenVerifier(
            JWSKeySelector<SecurityContext> keys, JWSVerifierFactory verifiers, String issuer, String audience) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(TYPE));
        processor.setJWSKeySelector(keys);
        processor.setJWSVerifierFactory(verifiers);
        // The validators below check the claims.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        this.decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(LEEWAY), new JwtIssuerValidator(issuer), new JwtAudienceValidator(audience)));
    }

    @Override
    public Verified verify(String token) {
        Jwt claims = decoded(token);
        Caller caller = new Caller(
                UUID.fromString(claims.getSubject()),
                claims.getClaimAsString("email"),
                Set.copyOf(Objects.requireNonNull(claims.getClaimAsStringList("roles"))));
        return new Verified(caller, Objects.requireNonNull(claims.getExpiresAt()));
    }

    private Jwt decoded(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException invalid) {
            throw invalid;
        } catch (JwtException noKeys) {
            log.warn("No token can be verified: {}", noKeys.getMessage());
            throw Problem.unavailable("The token issuer is unavailable. Try again later.");
        }
    }
}
