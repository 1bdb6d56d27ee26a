package com.example.shop.chassis.calls;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.tracing.Traces;

/**
 * Client of one other service: retries, circuit breaker, and a limit of concurrent calls.
 *
 * <p>Every call carries a service token, the remaining time and the request id. A call that is not answered is
 * repeated, so repeating it must have no further effect.
 */
public class ServiceClient {

    private static final int MAX_ATTEMPTS = 3;
    private static final int MAX_CONCURRENT = 32;
    private static final Duration ACQUIRE_TIMEOUT = Duration.ofMillis(250);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    static final CircuitBreakerConfig CIRCUIT = CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(5)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(1))
            .permittedNumberOfCallsInHalfOpenState(1)
            .recordExceptions(ServiceUnavailable.class)
            .build();
    private final String name;
    private final String url;
    private final ServiceTokens tokens;
    private final HttpClient http;
    private final JsonMapper json;
    private final Limits limits;
    private final CircuitBreaker circuit;
    private final Traces traces;
    private final RetryBudget budget = new RetryBudget();
    private final Semaphore slots = new Semaphore(MAX_CONCURRENT);

    /** How long a call may take, with all its attempts, and each attempt; the caller's own deadline shortens both. */
    public record Limits(Duration call, Duration attempt) {

        // A new process answers its first calls slowly.
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(2));
    }

    ServiceClient(
            String name,
            String url,
            ServiceTokens tokens,
            HttpClient http,
            JsonMapper json,
            Limits limits,
            CircuitBreaker circuit,
            Traces traces) {
        this.name = name;
        this.url = url;
        this.tokens = tokens;
        this.http = http;
        this.json = json;
        this.limits = limits;
        this.circuit = circuit;
        this.traces = traces;
    }

    /** Returns the resource at the path. */
    public <T> T get(String path, Class<T> answer) {
        return decoded(call("GET", path, null), answer);
    }

    /** Puts the body at the path and returns the response. */
    public <T> T put(String path, Object body, Class<T> answer) {
        return decoded(call("PUT", path, body), answer);
    }

    /** Posts the body to the path and returns the response. */
    public <T> T post(String path, Object body, Class<T> answer) {
        return decoded(call("POST", path, body), answer);
    }

    /** Posts the body, if there is one, to the path. */
    public void post(String path, @Nullable Object body) {
        call("POST", path, body);
    }

    private <T> T decoded(byte[] content, Class<T> answer) {
        try {
            return json.readValue(content, answer);
        } catch (JacksonException malformed) {
            throw new ServiceUnavailable(name, "malformed response");
        }
    }

    private byte[] call(String method, String path, @Nullable Object body) {
        budget.earn();
        try (Deadline deadline = Deadline.within(limits.call)) {
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(method, path, body);
                } catch (ServiceUnavailable failure) {
                    if (failure instanceof ServiceUnavailable.CallRejected
                            || attempt == MAX_ATTEMPTS
                            || !pauseBeforeRetry(attempt)) {
                        throw failure;
                    }
                }
            }
        }
    }

    /** Waits; returns false if the deadline or the budget allows no further attempt. */
    private boolean pauseBeforeRetry(int attempt) {
        // A random pause spreads calls that failed together better than a fixed one.
        Duration pause = Duration.ofNanos(ThreadLocalRandom.current().nextLong(FIRST_PAUSE.toNanos() << (attempt - 1)));
        if (pause.compareTo(Deadline.remaining()) >= 0 || !budget.spend()) {
            return false;
        }
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private byte[] attempt(String method, String path, @Nullable Object body) {
        try {
            Duration wait = shorter(ACQUIRE_TIMEOUT, Deadline.remaining());
            if (!slots.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServiceUnavailable.CallRejected(name, "too many concurrent calls");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailable.CallRejected(name, "interrupted");
        }
        try {
            long milliseconds = shorter(limits.attempt, Deadline.remaining()).toMillis();
            if (milliseconds < 1) {
                throw new ServiceUnavailable.CallRejected(name, "the deadline has passed");
            }
            return circuit.executeSupplier(() -> {
                HttpRequest.Builder request = request(method, path, body, milliseconds);
                return traces.calling(name, method, request::setHeader, () -> send(request.build(), milliseconds));
            });
        } catch (CallNotPermittedException open) {
            throw new ServiceUnavailable.CallRejected(name, "the circuit is open");
        } finally {
            slots.release();
        }
    }

    private HttpRequest.Builder request(String method, String path, @Nullable Object body, long milliseconds) {
        HttpRequest.BodyPublisher content = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, content)
                .header("Authorization", "Bearer " + tokens.token())
                .header("Content-Type", "application/json")
                .header(Deadline.HEADER, Long.toString(milliseconds));
        String requestId = MDC.get("request_id");
        if (requestId != null) {
            request.header("X-Request-ID", requestId);
        }
        return request;
    }

    private byte[] send(HttpRequest request, long milliseconds) {
        HttpResponse<byte[]> response = response(request, milliseconds);
        int status = response.statusCode();
        if (status >= 400 && status < 500) {
            throw new CallRefused(name, status, new String(response.body(), StandardCharsets.UTF_8));
        }
        if (status < 200 || status >= 300) {
            throw new ServiceUnavailable(name, "status " + status);
        }
        return response.body();
    }

    private HttpResponse<byte[]> response(HttpRequest request, long milliseconds) {
        CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(request, BodyHandlers.ofByteArray());
        try {
            // The request's own limit would end with the headers of the response; this one includes its body.
            return response.get(milliseconds, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
                throw new ServiceUnavailable.NotSent(name, cause.toString());
            }
            throw new ServiceUnavailable(name, String.valueOf(cause));
        } catch (TimeoutException late) {
            throw new ServiceUnavailable(name, "no response in " + milliseconds + " ms");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ServiceUnavailable(name, "interrupted");
        } finally {
            // Closes the connection if the response is not complete.
            response.cancel(true);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
