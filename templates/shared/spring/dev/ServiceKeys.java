package com.example.shop.dev;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A new Ed25519 key of a service: the secret, and the public key for those that it calls; both in base64url. */
record ServiceKeys(String secret, String publicKey) {

    private static final int BYTES = 32;

    /** Generates a key. */
    static ServiceKeys generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new ServiceKeys(
                    encoded(pair.getPrivate().getEncoded()),
                    encoded(pair.getPublic().getEncoded()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the last 32 bytes: both encodings (RFC 8410) end with the key itself. */
    private static String encoded(byte[] der) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(der, der.length - BYTES, der.length));
    }
}
