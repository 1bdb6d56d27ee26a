package com.example.shop.chassis.calls;

import com.sun.net.httpserver.HttpServer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.tracing.TestTracing;

import static org.assertj.core.api.Assertions.assertThat;

/** A call of another service continues the trace of the request that causes it. */
class CallTraceTest {

    private static final String SECRET = "A".repeat(43);
    private final TestTracing tracing = new TestTracing();
    private final BlockingQueue<List<String>> received = new LinkedBlockingQueue<>();
    private HttpServer provider;

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", exchange -> {
            received.add(exchange.getRequestHeaders().getOrDefault("traceparent", List.of()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void theOtherServiceGetsTheTraceOfTheRequest() throws InterruptedException {
        String url = "http://127.0.0.1:" + provider.getAddress().getPort();
        CallSettings settings = new CallSettings("orders", SECRET, "", Map.of("catalog", url));
        CircuitBreakerRegistry circuits = CircuitBreakerRegistry.of(ServiceClient.CIRCUIT);
        ServiceClient client =
                new ServiceClients(settings, JsonMapper.shared(), circuits, tracing.traces()).to("catalog");
        String traceId = tracing.traced(() -> client.post("/internal/things", null));
        assertThat(received.take()).singleElement().asString().startsWith("00-" + traceId + '-');
    }
}
