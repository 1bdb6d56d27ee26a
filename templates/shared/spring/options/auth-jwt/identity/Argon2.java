package com.example.shop.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id hashes in the text form that all libraries of Argon2 read.
 *
 * <p>The memory of one hash is cleared and used for the next. Spring's encoder allocates it for each: 19 MiB fill the young
 * generation of a small heap, and a login costs a collection of the whole heap, which is more than the hash itself.
 */
final class Argon2 {

    // The OWASP Password Storage Cheat Sheet's parameters: 19 MiB, two passes, one lane.
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final String PREFIX = "$argon2id$v=19$m=%d,t=%d,p=%d$".formatted(MEMORY_KIB, PASSES, LANES);
    private static final Pattern ENCODED = Pattern.compile("\\$argon2id\\$v=19\\$"
            + "m=(?<memory>[0-9]{1,7}),t=(?<passes>[0-9]{1,3}),p=(?<lanes>[0-9]{1,3})"
            + "\\$(?<salt>[A-Za-z0-9+/]+)\\$(?<hash>[A-Za-z0-9+/]+)");

    private final SecureRandom random = new SecureRandom();
    private final Argon2BytesGenerator.BlockPool blocks;

    /** Keeps the memory of this many hashes. */
    Argon2(int atOnce) {
        this.blocks =
                new Argon2BytesGenerator.FixedBlockPool(atOnce * Argon2BytesGenerator.getBlockCount(MEMORY_KIB, LANES));
    }

    /** Returns how many hashes, at least one, have room in so much memory. */
    static int fitting(long bytes) {
        return (int) Math.clamp(bytes / (MEMORY_KIB * 1024L), 1, Integer.MAX_VALUE);
    }

    /** Returns the hash of the password, with a new salt. */
    String encode(String password) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] hash = hash(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return PREFIX + base64.encodeToString(salt) + '$' + base64.encodeToString(hash);
    }

    /** Returns whether the password has this hash, which may have other parameters. */
    boolean matches(String password, String encoded) {
        Matcher parts = ENCODED.matcher(encoded);
        if (!parts.matches()) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(parts.group("salt"));
        byte[] expected = Base64.getDecoder().decode(parts.group("hash"));
        int memory = Integer.parseInt(parts.group("memory"));
        int passes = Integer.parseInt(parts.group("passes"));
        int lanes = Integer.parseInt(parts.group("lanes"));
        return MessageDigest.isEqual(expected, hash(password, salt, memory, passes, lanes, expected.length));
    }

    /** Returns whether a hash was made with other parameters than the current ones. */
    boolean isOutdated(String encoded) {
        return !encoded.startsWith(PREFIX);
    }

    private byte[] hash(String password, byte[] salt, int memory, int passes, int lanes, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withBlockPool(blocks)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
