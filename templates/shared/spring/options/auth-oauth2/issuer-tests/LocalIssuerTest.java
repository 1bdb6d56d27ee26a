package com.example.shop.issuer;

import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LocalIssuerTest {

    private static final String EMAIL = "customer@example.com";
    private LocalIssuer issuer;

    @BeforeEach
    void start() throws Exception {
        issuer = new LocalIssuer(Map.of(
                "OIDC_ISSUER", "http://127.0.0.1:0",
                "DOCS_URL", "http://127.0.0.1:8000",
                "CUSTOMER_EMAIL", EMAIL,
                "CUSTOMER_PASSWORD", "correct horse"));
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void aPersonWhoLogsInGetsATokenForTheShop() throws Exception {
        String token = GetToken.token(issuer.address(), EMAIL, "correct horse", "shop email");
        Map<String, Object> claims = SignedJWT.parse(token).getJWTClaimsSet().getClaims();
        assertThat(claims).containsEntry("iss", issuer.address()).containsEntry("sub", EMAIL);
        assertThat(claims).containsEntry("email", EMAIL).containsEntry("email_verified", true);
        assertThat(claims.get("aud")).hasToString("[shop]");
        assertThat(claims.get("roles")).hasToString("[]");
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThatThrownBy(() -> GetToken.token(issuer.address(), EMAIL, "wrong horse", "shop"))
                .hasMessageContaining("refuses the login");
    }

    @Test
    void anAccountWithoutAPasswordCannotLogIn() {
        assertThatThrownBy(() -> GetToken.token(issuer.address(), "", "", "shop"))
                .hasMessageContaining("refuses the login");
    }

    @Test
    void nobodyIsRedirectedToAnAddressThatIsNotRegistered() throws Exception {
        HttpResponse<String> answer = authorize(Map.of("redirect_uri", "http://127.0.0.1:9999/docs/oauth2-redirect"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void aRequestWithoutPkceIsRefused() throws Exception {
        HttpResponse<String> answer = authorize(Map.of("code_challenge_method", "plain"));
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location").orElseThrow()).contains("error=invalid_request");
    }

    @Test
    void theLoginPageNamesTheProgram() throws Exception {
        HttpResponse<String> answer = authorize(Map.of());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("to continue to the API documentation");
    }

    private HttpResponse<String> authorize(Map<String, String> changes) throws Exception {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", "docs");
        request.put("redirect_uri", "http://127.0.0.1:8000/docs/oauth2-redirect");
        request.put("code_challenge", Codes.challenge("verifier"));
        request.put("code_challenge_method", "S256");
        request.putAll(changes);
        URI address = URI.create(issuer.address() + "/authorize?" + LocalIssuer.encoded(request));
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        }
    }
}
