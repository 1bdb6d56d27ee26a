package com.example.shop.chassis.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.http.TaggedBody;

/**
 * Caches bodies that are expensive to produce, under a group and a key.
 *
 * <p>Other processes cannot invalidate an entry of this process, so it is kept for two seconds at most.
 */
@Component
public class ResponseCache {

    private static final int MAX_BYTES = 8 * 1024 * 1024;
    private static final int MAX_GROUPS = 20_000;
    private static final int OVERHEAD = 200;
    private final SharedTier shared;
    private final Cache<String, Object> generations =
            Caffeine.newBuilder().maximumSize(MAX_GROUPS).build();
    private final Cache<Key, TaggedBody> entries = Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES)
            .weigher((Key key, TaggedBody entry) -> entry.bytes().length + OVERHEAD)
            .expireAfter(Expiry.creating((Key key, TaggedBody entry) -> lifetime()))
            .recordStats()
            .build();

    private final LongAdder loads = new LongAdder();

    /** The generation identifies the entries of a group since its last invalidation. */
    private record Key(Object generation, String key) {}

    ResponseCache(SharedTier shared) {
        this.shared = shared;
    }

    /** Returns the entry with a hash as its tag; loads it if it is missing, once for all. Null is not cached. */
    public @Nullable TaggedBody fetch(String group, String key, Supplier<byte @Nullable []> load) {
        return fetch(group, key, load, TaggedBody::hashed);
    }

    /** Does the same with another tag. */
    public @Nullable TaggedBody fetch(
            String group, String key, Supplier<byte @Nullable []> load, Function<byte[], TaggedBody> tagged) {
        Object generation = generations.get(group, name -> new Object());
        return entries.get(new Key(generation, key), missing -> {
            byte[] body = shared.fetch(group, key, () -> {
                loads.increment();
                return load.get();
            });
            return body == null ? null : tagged.apply(body);
        });
    }

    /** Returns the number of fetches since startup, by the source of the entry. */
    public Map<String, Long> fetches() {
        CacheStats stats = entries.stats();
        long loaded = loads.sum();
        return Map.of("local", stats.hitCount(), "shared", Math.max(stats.loadCount() - loaded, 0), "load", loaded);
    }

    /** Invalidates all entries of the groups, and what is being loaded for them. Call it after the commit. */
    public void invalidate(String... groups) {
        for (String group : groups) {
            // What is being loaded is stored under the old generation, where nobody looks for it.
            generations.invalidate(group);
        }
        shared.invalidate(List.of(groups));
    }

    /** Entries that were loaded together do not expire together. */
    private static Duration lifetime() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(1500, 2000));
    }
}
