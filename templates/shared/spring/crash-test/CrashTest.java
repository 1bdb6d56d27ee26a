package com.example.shop;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A shop that is killed while it works has stored every order that it answered. */
class CrashTest {

    private static final int ORDERS = 60;
    private final int port = freePort();
    private final RestClient anonymous = RestClient.create("http://127.0.0.1:" + port);
    private final List<String> answered = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private TestIdentity identity;

    @BeforeEach
    void startIdentity() throws IOException {
        identity = new TestIdentity();
    }

    @AfterEach
    void stopIdentity() {
        identity.close();
    }

    @Test
    void noAnsweredOrderIsLost() throws Exception {
        Process shop = start("migrate", "serve");
        try (ExecutorService customers = Executors.newFixedThreadPool(4)) {
            RestClient admin = signIn();
            fill(admin);
            for (int customer = 0; customer < 4; customer++) {
                customers.execute(() -> orderUntilRefused(admin));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> answered.size() >= ORDERS);
            // SIGKILL, in the middle of orders.
            shop.destroyForcibly().waitFor();
        } finally {
            shop.destroyForcibly();
        }
        Process again = start("serve");
        try {
            RestClient admin = signIn();
            for (String order : answered) {
                assertThat(get(admin, "/v1/orders/" + order).get("state").asString())
                        .isEqualTo("CONFIRMED");
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> get(admin, "/internal/audit").get("at_rest").asBoolean());
            JsonNode audit = get(admin, "/internal/audit");
            assertThat(audit.get("ok").asBoolean()).as(audit.toString()).isTrue();
        } finally {
            again.destroyForcibly();
        }
    }

    private Process start(String... commands) throws IOException {
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShopApplication.class.getName(),
                        "--server.port=" + port)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("shop.log").toFile()));
        program.command().addAll(List.of(commands));
        program.environment().remove("DATABASE_URL");
        program.environment().putAll(identity.variables());
        program.environment().putAll(Map.of("AUDIT_ENABLED", "true", "ORDERS_PER_USER", "1000000/minute"));
        Process started = program.start();
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
            assertThat(started.isAlive()).isTrue();
            return get(anonymous, "/readyz").get("status").asString().equals("ok");
        });
        return started;
    }

    private RestClient signIn() throws Exception {
        return anonymous
                .mutate()
                .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + identity.token(anonymous))
                .build();
    }

    private static void fill(RestClient admin) {
        Map<String, Object> price = Map.of("amount", 1, "currency", "EUR");
        post(
                admin,
                "/v1/products",
                Map.of("sku", "PEN", "name", "Pen", "description", "", "category", "pens", "price", price));
        admin.put()
                .uri("/v1/stock/PEN")
                .body(Map.of("on_hand", 1_000_000))
                .retrieve()
                .toBodilessEntity();
        String id = get(admin, "/v1/me").get("id").asString();
        post(
                admin,
                "/v1/wallet/top-ups",
                Map.of("user_id", id, "amount", Map.of("amount", 1_000_000, "currency", "EUR")));
    }

    private void orderUntilRefused(RestClient customer) {
        try {
            while (true) {
                Map<String, Object> order = Map.of("items", List.of(Map.of("sku", "PEN", "quantity", 1)));
                answered.add(post(customer, "/v1/orders", order).get("id").asString());
            }
        } catch (RestClientException killed) {
            // The shop no longer answers.
        }
    }

    private static JsonNode get(RestClient client, String path) {
        return Objects.requireNonNull(client.get().uri(path).retrieve().body(JsonNode.class));
    }

    private static JsonNode post(RestClient client, String path, Object body) {
        return Objects.requireNonNull(client.post()
                .uri(path)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .body(body)
                .retrieve()
                .body(JsonNode.class));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
