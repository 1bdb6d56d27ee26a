package com.example.shop.chassis.calls;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the caller waits. What the current thread does on its behalf, in any service, ends before that.
 *
 * <p>Calls carry the remaining time instead of a time of day, because clocks of different machines differ.
 */
public final class Deadline implements AutoCloseable {

    static final String HEADER = "X-Deadline-Ms";
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final ThreadLocal<@Nullable Deadline> CURRENT = new ThreadLocal<>();
    private final @Nullable Deadline outer;
    private final long end;

    private Deadline(@Nullable Deadline outer, long end) {
        this.outer = outer;
        this.end = end;
    }

    /** Limits the current thread until the deadline is closed; an earlier deadline stays in force. */
    public static Deadline within(Duration duration) {
        Deadline outer = CURRENT.get();
        long end = System.nanoTime() + duration.toNanos();
        Deadline inner = new Deadline(outer, outer == null || end - outer.end < 0 ? end : outer.end);
        CURRENT.set(inner);
        return inner;
    }

    /** Returns the time until the deadline of the current thread; negative if it has passed. */
    static Duration remaining() {
        Deadline current = CURRENT.get();
        return current == null ? FOREVER : Duration.ofNanos(current.end - System.nanoTime());
    }

    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
