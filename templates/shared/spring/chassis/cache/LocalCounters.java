package com.example.shop.chassis.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.example.shop.chassis.http.RateLimits;

/** Counters of rate limits in this process. */
class LocalCounters implements RateLimits.Counters {

    private static final int MAX_COUNTERS = 100_000;
    private final Cache<String, Counter> counters = Caffeine.newBuilder()
            .maximumSize(MAX_COUNTERS)
            .expireAfter(Expiry.creating((String name, Counter counter) -> counter.timeToLive))
            .build();

    private record Counter(AtomicLong hits, Duration timeToLive) {}

    @Override
    public long hit(String counter, Duration timeToLive) {
        return counters.get(counter, name -> new Counter(new AtomicLong(), timeToLive))
                .hits
                .incrementAndGet();
    }
}
