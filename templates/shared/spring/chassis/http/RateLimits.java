package com.example.shop.chassis.http;

import java.time.Duration;
import org.springframework.stereotype.Component;

/** Rate limits, counted across all processes if the cache is shared. */
@Component
public class RateLimits {

    private final Counters counters;

    RateLimits(Counters counters) {
        this.counters = counters;
    }

    /** Counts hits. */
    public interface Counters {

        /**
         * Adds one hit to the counter, and returns how many it has; the counter is deleted after the time to live.
         *
         * <p>Returns 0 while hits cannot be counted.
         */
        long hit(String counter, Duration timeToLive);
    }

    /** Counts one hit of the subject (a user, an address); throws 429 if it exceeds the limit. */
    public void hit(String name, String subject, RateLimit limit) {
        long seconds = limit.window().toSeconds();
        long now = System.currentTimeMillis() / 1000;
        long hits = counters.hit("limit:" + name + ':' + now / seconds + ':' + subject, limit.window());
        if (hits > limit.hits()) {
            throw Problem.tooManyRequests(seconds - now % seconds);
        }
    }
}
