package com.example.shop.chassis.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.example.shop.chassis.http.RateLimits;
import com.example.shop.chassis.startup.StartupRefused;

/** All processes share a cache and counters, if CACHE_URL names a store; without it, each has its own. */
@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    @Nullable
    StoreClient storeClient(@Value("${shop.cache-url}") String address) {
        if (address.isEmpty()) {
            return null;
        }
        try {
            return new StoreClient(ServerStore.open(address));
        } catch (IllegalArgumentException invalid) {
            // Not the address itself: it may have a password.
            throw new StartupRefused("CACHE_URL is invalid: an address is written like " + ServerStore.EXAMPLE + '.');
        }
    }

    @Bean
    SharedTier sharedTier(@Nullable StoreClient store) {
        return store == null ? SharedTier.NONE : new StoreTier(store);
    }

    @Bean
    RateLimits.Counters counters(@Nullable StoreClient store) {
        return store == null ? new LocalCounters() : new StoreCounters(store);
    }
}
