package com.example.shop.chassis.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Bytes under short keys of ASCII letters, shared by all processes. */
interface Store extends AutoCloseable {

    /** Returns the value of each key, in their order; null for a missing one. */
    CompletionStage<List<byte @Nullable []>> get(List<String> keys);

    /** Stores the value for at most so long. */
    CompletionStage<?> set(String key, byte[] value, Duration timeToLive);

    /** Adds one to a counter, and returns it; a new one is deleted after the time to live. */
    CompletionStage<Long> increment(String key, Duration timeToLive);

    /** Closes the connections. */
    @Override
    void close();
}
