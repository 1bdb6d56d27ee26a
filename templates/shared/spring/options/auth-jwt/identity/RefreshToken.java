package com.example.shop.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

import com.example.shop.chassis.http.Parameters;

/** The contents of a refresh token: its family and its secret. */
record RefreshToken(UUID family, String secret) {

    private static final String SEPARATOR = ".";
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Returns a new token of the family. */
    static RefreshToken next(UUID family) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new RefreshToken(family, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Returns the token that the text encodes; empty if it is malformed. */
    static Optional<RefreshToken> decode(String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0 || !Parameters.isId(text.substring(0, separator))) {
            return Optional.empty();
        }
        UUID family = UUID.fromString(text.substring(0, separator));
        return Optional.of(new RefreshToken(family, text.substring(separator + 1)));
    }

    /** Returns the opaque text that the client stores. */
    String encoded() {
        return family + SEPARATOR + secret;
    }

    /** Returns the hash to store. 256 random bits need no slow hash. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
