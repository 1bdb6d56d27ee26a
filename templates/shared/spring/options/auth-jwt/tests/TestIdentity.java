package com.example.shop;

import java.util.Map;
import java.util.Objects;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** Who signs in to a shop under test: its administrator, with an account of the shop. */
public final class TestIdentity implements AutoCloseable {

    private static final String EMAIL = "admin@example.com";
    private static final String SECRET = "a password for tests";
    private static final String SIGNING_KEY = "A".repeat(43);

    /** Sets what a shop in this process needs, without an administrator. */
    public static void register(DynamicPropertyRegistry properties) {
        properties.add("shop.identity.signing-keys", () -> SIGNING_KEY);
        properties.add("shop.identity.admin-email", () -> "");
    }

    /** Returns the variables of a shop in another process. */
    Map<String, String> variables() {
        return Map.of("SIGNING_KEYS", SIGNING_KEY, "ADMIN_EMAIL", EMAIL, "ADMIN_PASSWORD", SECRET);
    }

    /** Returns an access token of the administrator. */
    String token(RestClient shop) {
        JsonNode tokens = shop.post()
                .uri("/v1/auth/login")
                .body(Map.of("email", EMAIL, "password", SECRET))
                .retrieve()
                .body(JsonNode.class);
        return Objects.requireNonNull(tokens).get("access_token").asString();
    }

    @Override
    public void close() {
        // The accounts are in the database of the shop.
    }
}
