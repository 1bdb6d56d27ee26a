package com.example.shop.chassis.cache;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.example.shop.chassis.http.RateLimits;

/** Each process has its own cache and its own counters. */
@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    SharedTier sharedTier() {
        return SharedTier.NONE;
    }

    @Bean
    RateLimits.Counters counters() {
        return new LocalCounters();
    }
}
