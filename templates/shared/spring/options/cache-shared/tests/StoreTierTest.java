package com.example.shop.chassis.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Processes share entries through a store, and do without it while it is down. */
class StoreTierTest {

    private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);
    private final MemoryStore store = new MemoryStore();
    private final StoreTier here = new StoreTier(new StoreClient(store));
    private final StoreTier elsewhere = new StoreTier(new StoreClient(store));

    /** A store in memory that can be down. */
    private static class MemoryStore implements Store {
        private final Map<String, byte[]> values = new ConcurrentHashMap<>();
        private boolean down;
        private int calls;
        private Runnable beforeSet = () -> {};

        @Override
        public CompletionStage<List<byte @Nullable []>> get(List<String> keys) {
            return answer(keys.stream().map(values::get).toList());
        }

        @Override
        public CompletionStage<?> set(String key, byte[] value, Duration timeToLive) {
            beforeSet.run();
            if (!down) {
                values.put(key, value);
            }
            return answer("stored");
        }

        @Override
        public CompletionStage<Long> increment(String key, Duration timeToLive) {
            return answer(1L);
        }

        @Override
        public void close() {}

        private <T> CompletionStage<T> answer(T value) {
            calls++;
            return down
                    ? CompletableFuture.failedFuture(new IllegalStateException("planted"))
                    : CompletableFuture.completedFuture(value);
        }
    }

    private static byte @Nullable [] read(StoreTier tier, byte[] loaded) {
        return tier.fetch("group", "key", () -> loaded);
    }

    @Test
    void anEntryIsLoadedOnceForAllProcesses() {
        assertThat(read(here, OLD)).isEqualTo(OLD);
        assertThat(read(elsewhere, NEW)).isEqualTo(OLD);
    }

    @Test
    void anInvalidationCountsInAllProcesses() {
        read(here, OLD);
        elsewhere.invalidate(List.of("group"));
        assertThat(read(here, NEW)).isEqualTo(NEW);
    }

    @Test
    void whatIsLoadedDuringAnInvalidationIsNotReadAfterIt() {
        here.fetch("group", "key", () -> {
            elsewhere.invalidate(List.of("group"));
            return OLD;
        });
        assertThat(read(here, NEW)).isEqualTo(NEW);
    }

    @Test
    void nothingOldIsReadWhileAnInvalidationIsUnderWay() {
        read(here, OLD);
        List<byte[]> found = new ArrayList<>();
        store.beforeSet = () -> {
            store.beforeSet = () -> {};
            found.add(read(here, NEW));
        };
        here.invalidate(List.of("group"));
        assertThat(found).containsExactly(NEW);
    }

    @Test
    void aMissingEntryIsNotStored() {
        assertThat(here.fetch("group", "key", () -> null)).isNull();
        assertThat(read(here, NEW)).isEqualTo(NEW);
    }

    @Test
    void oneCallOnlyWaitsForAStoreThatIsDown() {
        store.down = true;
        StoreClient client = new StoreClient(store);
        StoreTier tier = new StoreTier(client);
        StoreCounters counters = new StoreCounters(client);
        for (int call = 0; call < 20; call++) {
            assertThat(read(tier, NEW)).isEqualTo(NEW);
            assertThat(counters.hit("limit", Duration.ofMinutes(1))).isZero();
        }
        assertThat(store.calls).isEqualTo(1);
    }

    @Test
    void aStoreThatWasDownIsNotReadBeforeItsInvalidations() {
        read(here, OLD);
        store.down = true;
        here.invalidate(List.of("group"));
        store.down = false;
        assertThat(read(here, NEW)).isEqualTo(NEW);
        // The store is tried again after a pause.
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            // As the scheduler does.
            here.invalidatePending();
            assertThat(read(elsewhere, NEW)).isEqualTo(NEW);
        });
    }
}
