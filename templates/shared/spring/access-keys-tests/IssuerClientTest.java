package com.example.shop.chassis.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An issuer holds a request neither by answering slowly nor with a large answer. */
class IssuerClientTest {

    private static final byte[] KEYS = "{\"keys\": []}".getBytes(StandardCharsets.UTF_8);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theContentIsRead() throws IOException {
        assertThat(read(Duration.ofMinutes(1), exchange -> answer(exchange, 200, KEYS)))
                .isEqualTo("{\"keys\": []}");
    }

    @Test
    void anAnswerInSmallPiecesEndsAtTheLimit() {
        assertThatThrownBy(() -> read(Duration.ofMillis(500), exchange -> {
                    exchange.sendResponseHeaders(200, KEYS.length);
                    try (OutputStream body = exchange.getResponseBody()) {
                        for (byte piece : KEYS) {
                            body.write(piece);
                            body.flush();
                            Thread.sleep(200);
                        }
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerOfMoreThanOneMebibyteIsRefused() {
        byte[] large = " ".repeat(1024 * 1024 + 1).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(Duration.ofMinutes(1), exchange -> answer(exchange, 200, large)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bytes");
    }

    @Test
    void anErrorIsNotContent() {
        assertThatThrownBy(() -> read(Duration.ofMinutes(1), exchange -> answer(exchange, 503, KEYS)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("503");
    }

    private String read(Duration timeout, HttpHandler handler) throws IOException {
        server.createContext("/keys", handler);
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        return new IssuerClient(timeout).retrieveResource(address.toURL()).getContent();
    }

    private static void answer(HttpExchange exchange, int status, byte[] content) throws IOException {
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }
}
