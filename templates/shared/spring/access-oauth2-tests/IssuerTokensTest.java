package com.example.shop.chassis.security;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;

import com.example.shop.chassis.http.Problem;
import com.example.shop.issuer.GetToken;
import com.example.shop.issuer.LocalIssuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IssuerTokensTest {

    private LocalIssuer issuer;

    @BeforeEach
    void start() throws Exception {
        issuer = new LocalIssuer(Map.of(
                "OIDC_ISSUER", "http://127.0.0.1:0",
                "CUSTOMER_EMAIL", "customer@example.com",
                "CUSTOMER_PASSWORD", "first",
                "ADMIN_EMAIL", "admin@example.com",
                "ADMIN_PASSWORD", "second"));
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void rolesOfTheIssuerMakeAnAdministrator() throws Exception {
        IssuerTokens tokens = tokens("shop", Set.of());
        assertThat(tokens.verify(token("customer@example.com", "first"))
                        .caller()
                        .roles())
                .containsExactly(Caller.CUSTOMER);
        assertThat(tokens.verify(token("admin@example.com", "second")).caller().roles())
                .containsExactlyInAnyOrder(Caller.CUSTOMER, Caller.ADMIN);
    }

    @Test
    void aTokenForAnotherAudienceIsRefused() throws Exception {
        String token = token("customer@example.com", "first");
        assertThatThrownBy(() -> tokens("another", Set.of()).verify(token)).isInstanceOf(BadJwtException.class);
    }

    @Test
    void aTokenOfAnotherClientIsRefused() throws Exception {
        String token = token("customer@example.com", "first");
        assertThatThrownBy(() -> tokens("shop", Set.of("front-end")).verify(token))
                .isInstanceOf(BadJwtException.class);
    }

    @Test
    void aTokenThatANewKeySignedIsAccepted() throws Exception {
        IssuerTokens tokens = tokens("shop", Set.of());
        tokens.verify(token("customer@example.com", "first"));
        rotate();
        TokenVerifier.Verified verified = tokens.verify(token("customer@example.com", "first"));
        assertThat(verified.caller().roles()).contains(Caller.CUSTOMER);
    }

    @Test
    void aTokenThatANewKeySignedIsNotRefusedWhileTheIssuerIsDown() throws Exception {
        IssuerTokens tokens = tokens("shop", Set.of());
        String old = token("customer@example.com", "first");
        tokens.verify(old);
        rotate();
        String token = token("admin@example.com", "second");
        issuer.close();
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> tokens.verify(token)).isInstanceOf(Problem.class);
        }
        assertThat(tokens.verify(old).caller().roles()).contains(Caller.CUSTOMER);
    }

    @Test
    void knownKeysStayInUseWhileTheIssuerIsDown() throws Exception {
        IssuerTokens tokens = tokens("shop", Set.of());
        String token = token("customer@example.com", "first");
        String other = token("admin@example.com", "second");
        tokens.verify(token);
        issuer.close();
        assertThat(tokens.verify(other).caller().roles()).contains(Caller.ADMIN);
    }

    @Test
    void withoutAnyKeyTheShopIsUnavailableAndTheTokenIsNotRefused() throws Exception {
        String token = token("customer@example.com", "first");
        IssuerTokens tokens = tokens("shop", Set.of());
        issuer.close();
        assertThatThrownBy(() -> tokens.verify(token)).isInstanceOf(Problem.class);
    }

    @Test
    void anIssuerThatCallsItselfByAnotherNameIsNotTrusted() throws Exception {
        String token = token("customer@example.com", "first");
        IssuerSettings settings = new IssuerSettings(
                "https://login.example.com",
                "shop",
                "admin",
                issuer.address() + "/.well-known/openid-configuration",
                Set.of(),
                "http://localhost:8000");
        IssuerTokens tokens = new IssuerTokens(settings, new IssuerKeys().publishedKeys(settings));
        assertThatThrownBy(() -> tokens.verify(token)).isInstanceOf(Problem.class);
    }

    private void rotate() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest rotate = HttpRequest.newBuilder(URI.create(issuer.address() + "/rotate"))
                    .POST(BodyPublishers.noBody())
                    .build();
            http.send(rotate, BodyHandlers.discarding());
        }
    }

    private IssuerTokens tokens(String audience, Set<String> clients) {
        IssuerSettings settings =
                new IssuerSettings(issuer.address(), audience, "admin", "", clients, "http://localhost:8000");
        JWKSource<SecurityContext> keys = new IssuerKeys().publishedKeys(settings);
        return new IssuerTokens(settings, keys);
    }

    private String token(String email, String password) throws Exception {
        return GetToken.token(issuer.address(), email, password, "shop");
    }
}
