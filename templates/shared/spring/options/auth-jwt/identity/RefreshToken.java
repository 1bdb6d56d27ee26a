package com.example.shop.identity;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** The contents of a refresh token: its family and its secret. */
record RefreshToken(UUID family, byte[] secret) {

    private static final int ID_BYTES = 16;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Returns a new token of the family. */
    static RefreshToken next(UUID family) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new RefreshToken(family, secret);
    }

    /** Returns the token that the text encodes; empty if it is malformed. */
    static Optional<RefreshToken> decode(String text) {
        byte[] raw;
        try {
            raw = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        if (raw.length != ID_BYTES + SECRET_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(raw);
        UUID family = new UUID(buffer.getLong(), buffer.getLong());
        byte[] secret = new byte[SECRET_BYTES];
        buffer.get(secret);
        return Optional.of(new RefreshToken(family, secret));
    }

    /** Returns the opaque text that the client stores. */
    String encoded() {
        byte[] raw = ByteBuffer.allocate(ID_BYTES + SECRET_BYTES)
                .putLong(family.getMostSignificantBits())
                .putLong(family.getLeastSignificantBits())
                .put(secret)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }

    /** Returns the hash to store. 256 random bits need no slow hash. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
