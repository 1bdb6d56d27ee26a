package com.example.shop.sagas;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.BackgroundThread;
import com.example.shop.chassis.calls.Deadline;
import com.example.shop.chassis.tracing.Traces;
import com.example.shop.orders.OrderRecord;

/**
 * Runs sagas; any number of workers may run in any number of processes.
 *
 * <p>A new saga is stored already claimed and starts right after that commit. The worker claims sagas that fall due:
 * after a failure, when no slot was free, or when the lease of a dead process expires. Sagas are never dropped; one
 * that cannot end is retried until it can.
 */
@Component
@ConditionalOnWebApplication
class SagaWorker extends BackgroundThread {

    private static final Logger log = LoggerFactory.getLogger(SagaWorker.class);
    private static final int MAX_CONCURRENT = 32;
    private static final Duration RUN_TIMEOUT = Duration.ofSeconds(10);
    // The wait slows callers down under overload.
    private static final Duration SLOT_WAIT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofSeconds(1);
    // Sagas that fall due close together share the statements that claim them.
    private static final Duration GATHER = Duration.ofMillis(20);
    // How long running sagas may continue when the process stops.
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final SagaRepository sagas;
    private final SagaDefinition definition;
    private final Traces traces;
    private final Map<Saga, Thread> running = new ConcurrentHashMap<>();
    // Separate limits for new and resumed sagas, so neither starves the other.
    private final Semaphore newSlots = new Semaphore(MAX_CONCURRENT);
    private final Semaphore resumedSlots = new Semaphore(MAX_CONCURRENT);

    SagaWorker(SagaRepository sagas, SagaDefinition definition, Traces traces) {
        super(Thread.ofVirtual().name("sagas"), GRACE);
        this.sagas = sagas;
        this.definition = definition;
        this.traces = traces;
    }

    /** Has the saga stored, claimed if a slot is free, and runs it; otherwise a worker claims it when it has capacity. */
    void submit(Saga saga, OrderRecord order, Consumer<Boolean> store) {
        boolean slot = acquireSlot();
        boolean stored = false;
        try {
            store.accept(slot);
            stored = true;
        } finally {
            if (slot && !stored) {
                newSlots.release();
            }
        }
        if (slot) {
            run(saga, order, newSlots);
        } else {
            wake();
        }
    }

    private boolean acquireSlot() {
        try {
            return isRunning() && newSlots.tryAcquire(SLOT_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void stop() {
        super.stop();
        long end = System.nanoTime() + GRACE.toNanos();
        try {
            for (Thread each : running.values()) {
                each.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // Otherwise they only fall due when their leases expire.
        running.keySet().forEach(this::release);
    }

    private void release(Saga saga) {
        try {
            sagas.release(saga);
        } catch (RuntimeException failure) {
            log.info("The saga of order {} could not be released: {}", saga.orderId(), failure.toString());
        }
    }

    @Override
    protected void work() throws InterruptedException {
        resumeDue();
        if (awaitWake(POLL)) {
            Thread.sleep(GATHER);
        }
    }

    /** Claims and starts due sagas, up to the number of free slots; returns how many. */
    int resumeDue() {
        int free = resumedSlots.drainPermits();
        int claimed = 0;
        try {
            for (Saga saga : free == 0 ? List.<Saga>of() : sagas.claimDue(free)) {
                claimed++;
                run(saga, null, resumedSlots);
            }
        } finally {
            resumedSlots.release(free - claimed);
        }
        return claimed;
    }

    /** Runs the saga in a thread that releases the slot at its end. */
    private void run(Saga saga, @Nullable OrderRecord order, Semaphore slots) {
        // The log and the calls of the saga have the id of the request that opened it.
        Map<String, String> logged = MDC.getCopyOfContextMap();
        Thread started = Thread.ofVirtual().name("saga-" + saga.orderId()).unstarted(() -> {
            if (logged != null) {
                MDC.setContextMap(logged);
            }
            Duration pause = Duration.ZERO;
            try {
                pause = attempt(saga, order);
            } finally {
                running.remove(saga);
                slots.release();
            }
            // The saga falls due then, and others may wait for the slot.
            pause(pause);
            wake();
        });
        running.put(saga, started);
        started.start();
    }

    /** Runs the saga; returns the pause after which it is due again, zero if it has ended. */
    private Duration attempt(Saga saga, @Nullable OrderRecord order) {
        try (Deadline deadline = Deadline.within(RUN_TIMEOUT)) {
            traces.continuing(
                    "saga " + saga.stage(),
                    saga.traceparent(),
                    () -> definition.resume(saga, order == null ? sagas.order(saga) : order));
        } catch (LeaseLost lost) {
            log.info("The saga of order {} was claimed by another worker", saga.orderId());
        } catch (RuntimeException failure) {
            log.warn(
                    "The saga of order {} failed (attempt {}): {}",
                    saga.orderId(),
                    saga.attempts() + 1,
                    failure.toString());
            return postpone(saga, failure);
        }
        return Duration.ZERO;
    }

    private Duration postpone(Saga saga, RuntimeException failure) {
        try {
            return sagas.postpone(saga, failure);
        } catch (RuntimeException unavailable) {
            // It falls due without this, when the lease expires.
            log.warn("The saga of order {} could not be postponed: {}", saga.orderId(), unavailable.toString());
            return Duration.ZERO;
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
