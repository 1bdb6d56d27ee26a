package com.example.shop.chassis.calls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.tracing.Traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Calls are repeated when that helps, end in time, and spare a service that fails. */
class ServiceClientTest {

    private static final String SECRET = "A".repeat(43);
    private static final byte[] ANSWER = "{\"text\": \"yes\", \"added\": 1}".getBytes(StandardCharsets.UTF_8);
    private final List<HttpExchange> received = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Integer> statuses = new ArrayDeque<>();
    private HttpServer provider;
    private ServiceClient client;

    record Answer(String text) {}

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", this::answer);
        provider.start();
        client = client("http://127.0.0.1:" + provider.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    private static ServiceClient client(String url) {
        // A busy machine may take long to answer.
        return client(url, new ServiceClient.Limits(Duration.ofMinutes(2), Duration.ofSeconds(30)));
    }

    private static ServiceClient client(String url, ServiceClient.Limits limits) {
        CallSettings settings = new CallSettings("orders", SECRET, "", Map.of("catalog", url));
        CircuitBreakerRegistry circuits = CircuitBreakerRegistry.of(ServiceClient.CIRCUIT);
        return new ServiceClients(settings, JsonMapper.shared(), circuits, Traces.NONE).to("catalog", limits);
    }

    /** Answers with the next planned status, and with 200 after the last one. */
    private synchronized void answer(HttpExchange exchange) throws IOException {
        received.add(exchange);
        Integer planned = statuses.poll();
        exchange.sendResponseHeaders(planned == null ? 200 : planned, ANSWER.length);
        exchange.getResponseBody().write(ANSWER);
        exchange.close();
    }

    @Test
    void aCallCarriesATokenAndTheRemainingTime() {
        try (Deadline deadline = Deadline.within(Duration.ofMillis(900))) {
            assertThat(client.get("/internal/things", Answer.class)).isEqualTo(new Answer("yes"));
        }
        HttpExchange call = received.getFirst();
        assertThat(call.getRequestHeaders().getFirst("Authorization")).startsWith("Bearer ");
        assertThat(Integer.parseInt(call.getRequestHeaders().getFirst("X-Deadline-Ms")))
                .isBetween(1, 900);
    }

    @Test
    void aFailedCallIsRepeated() {
        statuses.addAll(List.of(500, 503));
        assertThat(client.put("/internal/things", Map.of(), Answer.class)).isEqualTo(new Answer("yes"));
        assertThat(received).hasSize(3);
    }

    @Test
    void aCallThatKeepsFailingIsUnavailable() {
        statuses.addAll(List.of(500, 500, 500));
        assertThatThrownBy(() -> client.post("/internal/things", null)).isInstanceOf(ServiceUnavailable.class);
        assertThat(received).hasSize(3);
    }

    @Test
    void aRefusedCallIsNotRepeated() {
        statuses.add(404);
        assertThatThrownBy(() -> client.get("/internal/things", Answer.class))
                .isInstanceOf(CallRefused.class)
                .hasMessageContaining("404");
        assertThat(received).hasSize(1);
    }

    @Test
    void noCallIsMadeAfterTheDeadline() {
        try (Deadline deadline = Deadline.within(Duration.ZERO)) {
            assertThatThrownBy(() -> client.get("/internal/things", Answer.class))
                    .isInstanceOf(ServiceUnavailable.class);
        }
        assertThat(received).isEmpty();
    }

    @Test
    void aServiceThatKeepsFailingIsSpared() {
        statuses.addAll(Collections.nCopies(100, 500));
        for (int call = 0; call < 10; call++) {
            assertThatThrownBy(() -> client.get("/internal/things", Answer.class))
                    .isInstanceOf(ServiceUnavailable.class);
        }
        // The circuit opens after 5 failures, and a probe may come through now and then.
        assertThat(received).hasSizeBetween(5, 29);
    }

    @Test
    void aResponseThatStaysIncompleteEndsAtTheLimit() {
        provider.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, ANSWER.length);
            for (byte piece : ANSWER) {
                exchange.getResponseBody().write(piece);
                exchange.getResponseBody().flush();
                pause();
            }
            exchange.close();
        });
        String url = "http://127.0.0.1:" + provider.getAddress().getPort();
        Duration limit = Duration.ofMillis(500);
        ServiceClient hasty = client(url, new ServiceClient.Limits(limit, limit));
        assertThatThrownBy(() -> hasty.get("/slow", Answer.class)).isInstanceOf(ServiceUnavailable.class);
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServiceThatDoesNotListenIsUnavailable() {
        ServiceClient other = client("http://127.0.0.1:1");
        assertThatThrownBy(() -> other.get("/internal/things", Answer.class))
                .isInstanceOf(ServiceUnavailable.NotSent.class);
    }

    @Test
    void retriesAreATenthOfTheCalls() {
        RetryBudget budget = new RetryBudget();
        int retries = 0;
        for (int call = 0; call < 1000; call++) {
            budget.earn();
            retries += budget.spend() ? 1 : 0;
        }
        // Ten of them are the reserve.
        assertThat(retries).isBetween(105, 115);
    }
}
