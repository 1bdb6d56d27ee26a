package com.example.shop.issuer;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints an access token of a person at the local issuer.
 *
 * <p>It does what a program does that people log in to: it registers itself, and gets a code and then a token.
 */
public final class GetToken {

    // Nothing listens there: the code is read from the redirect.
    private static final String REDIRECT_URI = "http://127.0.0.1/token";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private GetToken() {}

    /** Prints the token of {@code customer}, the default, or of {@code admin}. */
    public static void main(String[] arguments) throws InterruptedException {
        String person = arguments.length == 0 ? "customer" : arguments[0];
        String prefix = person.toUpperCase(Locale.ROOT);
        String email = System.getenv(prefix + "_EMAIL");
        String password = System.getenv(prefix + "_PASSWORD");
        String issuer = System.getenv("OIDC_ISSUER");
        if (email == null || password == null || issuer == null) {
            fail("The settings have no " + person + ", or no OIDC_ISSUER. Set them in .env.");
            return;
        }
        try {
            System.out.println(token(issuer, email, password, System.getenv().getOrDefault("OIDC_AUDIENCE", "shop")));
        } catch (IOException unreachable) {
            fail(issuer + " does not answer. Start the shop with `make run`.");
        } catch (IllegalStateException refused) {
            fail(String.valueOf(refused.getMessage()));
        }
    }

    /** Returns an access token of the person with this email address and password. */
    public static String token(String issuer, String email, String password, String scope)
            throws IOException, InterruptedException {
        String metadata = JSONObjectUtils.toJSONString(
                Map.of("client_name", "get_token", "redirect_uris", List.of(REDIRECT_URI)));
        String clientId = text(post(issuer + "/register", "application/json", metadata), "client_id");
        String verifier = Clients.random();
        String state = Clients.random();
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", clientId);
        request.put("redirect_uri", REDIRECT_URI);
        request.put("scope", scope);
        request.put("state", state);
        request.put("code_challenge", Codes.challenge(verifier));
        request.put("code_challenge_method", "S256");
        HttpResponse<String> login = postForm(
                issuer + "/authorize?" + LocalIssuer.encoded(request), Map.of("email", email, "password", password));
        if (login.statusCode() != 303) {
            throw new IllegalStateException(
                    issuer + " refuses the login of " + email + ". Is the password in .env that of its start?");
        }
        URI redirect = URI.create(login.headers().firstValue("Location").orElseThrow());
        Map<String, String> answer = LocalIssuer.parameters(redirect.getRawQuery());
        if (!state.equals(answer.get("state")) || !issuer.equals(answer.get("iss"))) {
            throw new IllegalStateException("The code answers another request.");
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", clientId);
        form.put("code", answer.getOrDefault("code", ""));
        form.put("redirect_uri", REDIRECT_URI);
        form.put("code_verifier", verifier);
        return text(postForm(issuer + "/token", form), "access_token");
    }

    private static HttpResponse<String> postForm(String address, Map<String, String> form)
            throws IOException, InterruptedException {
        return post(address, "application/x-www-form-urlencoded", LocalIssuer.encoded(form));
    }

    private static HttpResponse<String> post(String address, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static String text(HttpResponse<String> response, String name) {
        try {
            String found = JSONObjectUtils.getString(JSONObjectUtils.parse(response.body()), name);
            if (found != null) {
                return found;
            }
        } catch (ParseException malformed) {
            // Reported below, like every other answer without the value.
        }
        throw new IllegalStateException(response.uri() + " answers with status " + response.statusCode() + '.');
    }

    private static void fail(String reason) {
        System.err.println(reason);
        System.exit(1);
    }
}
