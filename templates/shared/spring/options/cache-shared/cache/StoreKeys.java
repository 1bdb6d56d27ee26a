package com.example.shop.chassis.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys of a store: hashes, because what they stand for may be long and contain any character. */
final class StoreKeys {

    private StoreKeys() {}

    static String of(String... parts) {
        byte[] text = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return "cache:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
