package com.example.shop.dev;

import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** The administrator, who has an account of the shop. */
@Component
class Administrator {

    private final String email;
    private final String password;

    Administrator(@Value("${ADMIN_EMAIL:}") String email, @Value("${ADMIN_PASSWORD:}") String password) {
        this.email = email;
        this.password = password;
    }

    /** Returns an access token. */
    String token(RestClient shop) {
        JsonNode tokens = shop.post()
                .uri("/v1/auth/login")
                .body(Map.of("email", email, "password", password))
                .retrieve()
                .body(JsonNode.class);
        return Objects.requireNonNull(tokens).get("access_token").asString();
    }
}
