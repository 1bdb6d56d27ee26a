package com.example.shop.chassis.cache;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.example.shop.chassis.http.HealthCheck;

/**
 * Calls of a store that may be slow or down. Each throws an exception if there is no answer in time.
 *
 * <p>After a failure, one call a second tries the store, and the others fail at once.
 */
class StoreClient implements HealthCheck, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoreClient.class);
    // Longer than a healthy store ever takes, and the longest that a caller waits for a dead one.
    static final Duration TIMEOUT = Duration.ofMillis(250);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private final Store store;
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "cache",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(1)
                    .minimumNumberOfCalls(1)
                    .waitDurationInOpenState(PAUSE)
                    .permittedNumberOfCallsInHalfOpenState(1)
                    .writableStackTraceEnabled(false)
                    .build());

    StoreClient(Store store) {
        this.store = store;
        breaker.getEventPublisher().onStateTransition(event -> {
            StateTransition change = event.getStateTransition();
            if (change == StateTransition.CLOSED_TO_OPEN) {
                log.warn("The cache does not respond; the shop goes on without it");
            } else if (change == StateTransition.HALF_OPEN_TO_CLOSED) {
                log.warn("The cache responds again");
            }
        });
    }

    List<byte @Nullable []> get(String... keys) {
        return guarded(() -> store.get(List.of(keys)));
    }

    void set(String key, byte[] value, Duration timeToLive) {
        guarded(() -> store.set(key, value, timeToLive));
    }

    long increment(String key, Duration timeToLive) {
        return guarded(() -> store.increment(key, timeToLive));
    }

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public boolean required() {
        return false;
    }

    @Override
    public void run() {
        await(store.get(List.of("ping")));
    }

    @Override
    public void close() {
        store.close();
    }

    private <T> T guarded(Supplier<CompletionStage<? extends T>> call) {
        return breaker.executeSupplier(() -> await(call.get()));
    }

    private static <T> T await(CompletionStage<? extends T> answer) {
        try {
            return answer.toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("The cache does not respond.", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
