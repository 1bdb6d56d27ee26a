package com.example.shop;

import java.io.IOException;
import java.util.Map;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.web.client.RestClient;

import com.example.shop.issuer.GetToken;
import com.example.shop.issuer.LocalIssuer;

/** Who signs in to a shop under test: its administrator, at a local issuer. */
public final class TestIdentity implements AutoCloseable {

    private static final String EMAIL = "admin@example.com";
    private static final String SECRET = "a password for tests";
    private final LocalIssuer issuer;

    TestIdentity() throws IOException {
        issuer = new LocalIssuer(
                Map.of("OIDC_ISSUER", "http://127.0.0.1:0", "ADMIN_EMAIL", EMAIL, "ADMIN_PASSWORD", SECRET));
    }

    /** Sets what a shop in this process needs; nothing is at the issuer's address. */
    public static void register(DynamicPropertyRegistry properties) {
        properties.add("shop.identity.issuer", () -> "http://127.0.0.1:1");
    }

    /** Returns the variables of a shop in another process. */
    Map<String, String> variables() {
        return Map.of("OIDC_ISSUER", issuer.address());
    }

    /** Returns an access token of the administrator. */
    String token(RestClient shop) throws IOException, InterruptedException {
        return GetToken.token(issuer.address(), EMAIL, SECRET, "shop");
    }

    @Override
    public void close() {
        issuer.close();
    }
}
