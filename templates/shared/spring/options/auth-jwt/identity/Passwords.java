package com.example.shop.identity;

import jakarta.annotation.PreDestroy;
import java.text.Normalizer;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.Problem;

/**
 * Password hashes: argon2id. As many are computed at once as there are processors, and as fit into a quarter of the heap;
 * some may wait, more are refused.
 *
 * <p>They have threads of the operating system: a virtual thread would keep its carrier, of which there are as many as
 * processors, for the whole time of a hash, and no request would go on.
 */
@Component
class Passwords {

    static final int WAITING = 32;
    private final int atOnce = atOnce(Runtime.getRuntime());
    private final Argon2 argon2 = new Argon2(atOnce);
    private final ExecutorService threads = new ThreadPoolExecutor(
            atOnce,
            atOnce,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("passwords-", 0).daemon().factory());
    private final String decoy = argon2.encode(UUID.randomUUID().toString());

    /** Returns the encoded hash of the password; throws the problem {@code unavailable} if too many are waiting. */
    String hash(String password) {
        return bounded(() -> argon2.encode(normal(password)));
    }

    /** Returns whether the password has this hash. Without a hash it takes as long, and returns false. */
    boolean matches(String password, @Nullable String hash) {
        boolean matches = bounded(() -> argon2.matches(normal(password), hash == null ? decoy : hash));
        return matches && hash != null;
    }

    /** Returns whether a hash was made with other parameters than the current ones. */
    boolean isOutdated(String hash) {
        return argon2.isOutdated(hash);
    }

    @PreDestroy
    void stop() {
        threads.shutdown();
    }

    private <T> T bounded(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, threads).join();
        } catch (RejectedExecutionException full) {
            throw Problem.unavailable("Too many sign-ins right now. Try again later.");
        }
    }

    private static int atOnce(Runtime runtime) {
        return Math.min(runtime.availableProcessors(), Argon2.fitting(runtime.maxMemory() / 4));
    }

    private static String normal(String password) {
        // One password typed on two keyboards can arrive as different code points (NIST SP 800-63B, 3.1.1.2).
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }
}
