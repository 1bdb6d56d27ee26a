package com.example.shop.identity;

import java.text.Normalizer;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.Problem;

/** Password hashes: argon2id. As many are computed at once as there are processors; some may wait, more are refused. */
@Component
class Passwords {

    private static final int WAITING = 32;
    // The OWASP Password Storage Cheat Sheet's parameters: 19 MiB, two passes, one lane.
    private final Argon2PasswordEncoder argon2 = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final Semaphore working = new Semaphore(processors, true);
    private final Semaphore admitted = new Semaphore(processors + WAITING);
    private final String decoy = encode(UUID.randomUUID().toString());

    /** Returns the encoded hash of the password; throws the problem {@code unavailable} if too many are waiting. */
    String hash(String password) {
        return bounded(() -> encode(password));
    }

    /** Returns whether the password has this hash. Without a hash it takes as long, and returns false. */
    boolean matches(String password, @Nullable String hash) {
        boolean matches = bounded(() -> argon2.matches(normal(password), hash == null ? decoy : hash));
        return matches && hash != null;
    }

    /** Returns whether a hash was made with other parameters than the current ones. */
    boolean isOutdated(String hash) {
        return argon2.upgradeEncoding(hash);
    }

    private String encode(String password) {
        String encoded = argon2.encode(normal(password));
        if (encoded == null) {
            throw new IllegalStateException("Only a password that is null has no hash.");
        }
        return encoded;
    }

    private <T> T bounded(Supplier<T> work) {
        if (!admitted.tryAcquire()) {
            throw Problem.unavailable("Too many sign-ins right now. Try again later.");
        }
        try {
            working.acquireUninterruptibly();
            try {
                return work.get();
            } finally {
                working.release();
            }
        } finally {
            admitted.release();
        }
    }

    private static String normal(String password) {
        // One password typed on two keyboards can arrive as different code points (NIST SP 800-63B, 3.1.1.2).
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }
}
