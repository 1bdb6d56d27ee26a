package com.example.shop.chassis.cache;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The client of the shared store works with the real one at TEST_CACHE_URL, and with one that never answers. */
class ServerStoreTest {

    private static final byte[] BINARY = {0, '\r', '\n', (byte) 0xFF};
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final ConditionFactory wait = await().atMost(MINUTE).ignoreExceptions();
    private final String key = StoreKeys.of("test", UUID.randomUUID().toString());

    @Test
    @EnabledIfEnvironmentVariable(named = "TEST_CACHE_URL", matches = ".+")
    void valuesAreStoredAndExpire() {
        try (StoreClient client = open()) {
            answered(() -> {
                client.set(key, BINARY, MINUTE);
                return true;
            });
            assertThat(answered(() -> client.get(key, key + "-none"))).containsExactly(BINARY, null);
            answered(() -> {
                client.set(key, BINARY, SECOND);
                return true;
            });
            wait.until(() -> client.get(key).get(0) == null);
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "TEST_CACHE_URL", matches = ".+")
    void countersAreSharedAndExpire() {
        try (StoreClient client = open();
                StoreClient other = open()) {
            long counted = answered(() -> client.increment(key, MINUTE));
            assertThat(answered(() -> other.increment(key, MINUTE))).isGreaterThan(counted);
            String brief = key + "-brief";
            wait.until(() -> client.increment(brief, SECOND) > 1);
            wait.until(() -> client.increment(brief, SECOND) == 1);
        }
    }

    @Test
    void aSilentStoreIsAnErrorInsteadOfAWait() throws IOException {
        String scheme = URI.create(ServerStore.EXAMPLE).getScheme();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                StoreClient client =
                        new StoreClient(ServerStore.open(scheme + "://127.0.0.1:" + silent.getLocalPort()))) {
            assertThatThrownBy(() -> client.get(key)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(client::run).isInstanceOf(IllegalStateException.class);
        }
    }

    private static StoreClient open() {
        return new StoreClient(ServerStore.open(System.getenv("TEST_CACHE_URL")));
    }

    /** Returns what the store answers. On a busy machine, it may not do so in time at first. */
    private <T> T answered(Callable<T> call) {
        return wait.until(call, answer -> true);
    }
}
