package com.example.shop.chassis.http;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Rate limits, counted across all processes if the cache is shared. */
@Component
public class RateLimits {

    private static final Logger log = LoggerFactory.getLogger(RateLimits.class);
    private final Counters counters;

    RateLimits(Counters counters) {
        this.counters = counters;
    }

    /** Counts hits. */
    public interface Counters {

        /** Adds one hit to the counter, and returns how many it has; the counter is deleted after the time to live. */
        long hit(String counter, Duration timeToLive);
    }

    /** Counts one hit of the subject (a user, an address); throws 429 if it exceeds the limit. */
    public void hit(String name, String subject, RateLimit limit) {
        long seconds = limit.window().toSeconds();
        long now = System.currentTimeMillis() / 1000;
        long hits = count("limit:" + name + ':' + now / seconds + ':' + subject, limit.window());
        if (hits > limit.hits()) {
            throw Problem.tooManyRequests(seconds - now % seconds);
        }
    }

    private long count(String counter, Duration timeToLive) {
        try {
            return counters.hit(counter, timeToLive);
        } catch (RuntimeException unavailable) {
            // Without counters, the shop admits everybody.
            log.warn("The counters of rate limits are unavailable: {}", unavailable.getMessage());
            return 0;
        }
    }
}
