package com.example.shop.chassis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/** A thread that repeats its work from when the program is ready until it stops, and pauses after a failure. */
public abstract class BackgroundThread implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BackgroundThread.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private final Thread.Builder builder;
    private final Duration grace;
    private final Semaphore wakes = new Semaphore(0);
    private volatile @Nullable Thread thread;

    /**
     * Prepares the thread.
     *
     * @param builder has the name of the thread, which the log tells
     * @param grace how long a stop waits for the end of the work
     */
    protected BackgroundThread(Thread.Builder builder, Duration grace) {
        this.builder = builder;
        this.grace = grace;
    }

    /** Does the work once. */
    protected abstract void work() throws InterruptedException;

    /** Ends the current or the next wait of the thread. */
    protected void wake() {
        wakes.release();
    }

    /** Waits until the thread is woken, or until the time is over; returns whether it was woken. */
    protected final boolean awaitWake(Duration time) throws InterruptedException {
        return wakes.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns whether the work goes on; false once the thread was stopped. */
    protected final boolean continues() {
        // First, because a stop changes the field and then wakes the thread.
        wakes.drainPermits();
        return thread == Thread.currentThread();
    }

    /** The start of the program comes first: the database may not have its tables yet. */
    @Override
    public boolean isAutoStartup() {
        return false;
    }

    @Override
    @EventListener(ApplicationReadyEvent.class)
    public void start() {
        Thread started = builder.unstarted(this::workUntilStopped);
        // Before its start, because the thread runs only as long as it is this one.
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        Thread stopped = thread;
        thread = null;
        wake();
        if (stopped != null) {
            try {
                stopped.join(grace);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void workUntilStopped() {
        try {
            while (continues()) {
                try {
                    work();
                } catch (RuntimeException failure) {
                    log.warn(
                            "The thread {} failed; retrying: {}",
                            Thread.currentThread().getName(),
                            failure.toString());
                    wakes.drainPermits();
                    awaitWake(PAUSE);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
