package com.example.shop.chassis.telemetry;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gauges of a database. They are read when Prometheus scrapes; what takes too long or fails has no value. */
public abstract class ScrapedGauges<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ScrapedGauges.class);
    // Short, because Prometheus waits for them.
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private final String subject;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Future<Map<String, T>> reading;

    /** The subject, such as the outboxes, is for the log. */
    protected ScrapedGauges(String subject) {
        this.subject = subject;
    }

    /** Reads the values of the gauges, by label. */
    protected abstract Map<String, T> read();

    /** Replaces the values of the gauges. */
    protected abstract void show(Map<String, T> values);

    /** Reads the gauges. */
    synchronized void refresh() {
        // A slow read continues, and the next scrape may get its result.
        Future<Map<String, T>> current = reading == null ? executor.submit(this::read) : reading;
        reading = current;
        try {
            show(current.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
            reading = null;
        } catch (TimeoutException slow) {
            log.warn("Reading {} timed out", subject);
            show(Map.of());
        } catch (ExecutionException failure) {
            log.warn("Reading {} failed: {}", subject, failure.getMessage());
            show(Map.of());
            reading = null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
