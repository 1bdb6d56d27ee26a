package com.example.shop.chassis.cache;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Entries in a store that may be slow, forget them or be down.
 *
 * <p>Each group has a generation, a random token. An entry carries the generation under which it was loaded, and is
 * valid only while that is the one of its group. What was loaded before an invalidation and stored after it is therefore
 * never read, and an invalidation needs no list of keys.
 */
class StoreTier implements SharedTier {

    private static final int GENERATION_BYTES = 16;
    // Longer than an entry, but not a day: each product that somebody asks for has one, sold here or not.
    private static final Duration GENERATION_LIFETIME = Duration.ofMinutes(10);
    private static final SecureRandom RANDOM = new SecureRandom();
    private final StoreClient store;
    // The groups whose invalidation the store has not yet confirmed.
    private final Map<String, Object> pending = new ConcurrentHashMap<>();

    StoreTier(StoreClient store) {
        this.store = store;
    }

    /** The group's generation, null if the store is unavailable; and the entry, if it is valid. */
    private static final class Found {
        private static final Found NOTHING = new Found(null, null);
        private final byte @Nullable [] generation;
        private final byte @Nullable [] entry;

        Found(byte @Nullable [] generation, byte @Nullable [] entry) {
            this.generation = generation;
            this.entry = entry;
        }
    }

    @Override
    public byte @Nullable [] fetch(String group, String key, Supplier<byte @Nullable []> load) {
        Found found = read(group, key);
        if (found.entry != null) {
            return found.entry;
        }
        byte[] loaded = load.get();
        if (loaded != null && found.generation != null) {
            write(group, key, found.generation, loaded);
        }
        return loaded;
    }

    @Override
    public void invalidate(List<String> groups) {
        groups.forEach(group -> pending.put(group, new Object()));
        invalidatePending();
    }

    /** Invalidates the groups that could not be invalidated before; nothing is read from the store until then. */
    @Scheduled(fixedRate = 500)
    void invalidatePending() {
        for (Map.Entry<String, Object> invalidation : Map.copyOf(pending).entrySet()) {
            try {
                renewed(invalidation.getKey());
            } catch (RuntimeException unavailable) {
                // The next run tries again.
                return;
            }
            // Not one of the same group that came meanwhile.
            pending.remove(invalidation.getKey(), invalidation.getValue());
        }
    }

    private Found read(String group, String key) {
        if (!pending.isEmpty()) {
            return Found.NOTHING;
        }
        try {
            List<byte @Nullable []> values = store.get(StoreKeys.of(group), StoreKeys.of(group, key));
            byte[] generation = values.get(0);
            byte[] stored = values.get(1);
            if (generation == null) {
                return new Found(renewed(group), null);
            }
            return new Found(generation, stored == null ? null : entry(generation, stored));
        } catch (RuntimeException unavailable) {
            return Found.NOTHING;
        }
    }

    private static byte @Nullable [] entry(byte[] generation, byte[] stored) {
        boolean valid = stored.length >= GENERATION_BYTES
                && Arrays.equals(stored, 0, GENERATION_BYTES, generation, 0, generation.length);
        return valid ? Arrays.copyOfRange(stored, GENERATION_BYTES, stored.length) : null;
    }

    private void write(String group, String key, byte[] generation, byte[] loaded) {
        byte[] stored = Arrays.copyOf(generation, GENERATION_BYTES + loaded.length);
        System.arraycopy(loaded, 0, stored, GENERATION_BYTES, loaded.length);
        // Entries that were loaded together do not expire together.
        Duration lifetime = Duration.ofSeconds(ThreadLocalRandom.current().nextLong(48, 73));
        try {
            store.set(StoreKeys.of(group, key), stored, lifetime);
        } catch (RuntimeException unavailable) {
            // The entry is loaded again.
        }
    }

    private byte[] renewed(String group) {
        byte[] generation = new byte[GENERATION_BYTES];
        RANDOM.nextBytes(generation);
        store.set(StoreKeys.of(group), generation, GENERATION_LIFETIME);
        return generation;
    }
}
