package com.example.shop.chassis.cache;

import java.time.Duration;

import com.example.shop.chassis.http.RateLimits;

/** Counters of rate limits that all processes share. While the store is down, the shop admits everybody. */
class StoreCounters implements RateLimits.Counters {

    private final StoreClient store;

    StoreCounters(StoreClient store) {
        this.store = store;
    }

    @Override
    public long hit(String counter, Duration timeToLive) {
        try {
            return store.increment(StoreKeys.of(counter), timeToLive);
        } catch (RuntimeException unavailable) {
            return 0;
        }
    }
}
