package com.example.shop.identity;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.http.Problem;

/**
 * Forgotten passwords: a token by mail lets the owner of an account set a new one.
 *
 * <p>A token names the password hash that it replaces. It is therefore valid for one reset, and no longer valid after any
 * other change of the password, and nothing has to be stored.
 */
@Service
class PasswordResets {

    private static final Logger log = LoggerFactory.getLogger(PasswordResets.class);
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final JOSEObjectType TYPE = new JOSEObjectType("reset+jwt");
    private static final SignatureAlgorithm ALGORITHM = SignatureAlgorithm.ES256;
    private static final String REPLACES = "replaces";
    private final Users users;
    private final SigningKeys keys;
    private final String issuer;
    private final @Nullable Mail mail;
    private final AsyncTaskExecutor background;
    private final JwtEncoder encoder;
    private final JwtDecoder decoder;

    PasswordResets(
            Users users, SigningKeys keys, IdentitySettings settings, AsyncTaskExecutor applicationTaskExecutor) {
        this.users = users;
        this.keys = keys;
        this.issuer = settings.tokenIssuer();
        this.mail = mail(settings);
        this.background = applicationTaskExecutor;
        JWKSource<SecurityContext> source = new ImmutableJWKSet<>(keys.all());
        this.encoder = new NimbusJwtEncoder(source);
        NimbusJwtDecoder verifying = NimbusJwtDecoder.withJwkSource(source)
                .jwsAlgorithm(ALGORITHM)
                .jwtProcessorCustomizer(
                        processor -> processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(TYPE)))
                .build();
        verifying.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(Duration.ZERO), new JwtIssuerValidator(issuer)));
        this.decoder = verifying;
    }

    /** Sends a reset token to the owner of the account, if there is one: later, because the time must not tell. */
    void request(String email) {
        Mail configured = configured();
        background.execute(() -> {
            try {
                // To the stored address: one that only reads alike in lower case may be somebody else's.
                users.withEmail(email)
                        .ifPresent(
                                user -> configured.sendReset(Objects.requireNonNull(user.email()), token(user.id())));
            } catch (RuntimeException failure) {
                // Nobody waits for the outcome, and the owner can ask again.
                log.error("A mail with a reset token could not be sent", failure);
            }
        });
    }

    /** Sets a new password and ends all sessions; throws the problem {@code invalid-reset-token}. */
    void redeem(String token, String password) {
        configured();
        UUID userId;
        String replaces;
        try {
            Jwt claims = decoder.decode(token);
            userId = UUID.fromString(claims.getSubject());
            replaces = claims.getClaimAsString(REPLACES);
        } catch (JwtException invalid) {
            throw invalid();
        }
        Optional<String> oldHash =
                users.passwordHash(userId).filter(hash -> digest(hash).equals(replaces));
        if (!users.setPassword(userId, oldHash.orElseThrow(PasswordResets::invalid), password)) {
            throw invalid();
        }
    }

    private String token(UUID userId) {
        String hash = users.passwordHash(userId).orElseThrow();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(issuer)
                .subject(userId.toString())
                .expiresAt(Instant.now().plus(LIFETIME))
                .claim(REPLACES, digest(hash))
                .build();
        JwsHeader header = JwsHeader.with(ALGORITHM)
                .type(TYPE.getType())
                .keyId(keys.currentId())
                .build();
        return encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue();
    }

    /** Returns the mail server; without one, there is nothing at these paths. */
    private Mail configured() {
        if (mail == null) {
            throw Problem.notFound("There is nothing at this path.");
        }
        return mail;
    }

    private static @Nullable Mail mail(IdentitySettings settings) {
        if (!settings.smtpUrl().isEmpty()) {
            return new SmtpMail(settings.smtpUrl(), settings.mailFrom());
        }
        return settings.mailFolder().isEmpty() ? null : new MailFolder(Path.of(settings.mailFolder()));
    }

    private static String digest(String hash) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(hash.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Problem invalid() {
        return new Problem(
                HttpStatus.UNAUTHORIZED, "invalid-reset-token", "The reset token is not valid. Request a new one.");
    }
}
