package com.example.shop.issuer;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The token endpoint: the grants of client credentials and of authorization codes. */
class TokenEndpoint {

    private static final String BASIC = "Basic ";
    private final Clients clients;
    private final Codes codes;
    private final Tokens tokens;
    private final List<String> scopes;
    private final String defaultScope;

    TokenEndpoint(Clients clients, Codes codes, Tokens tokens, List<String> scopes, String defaultScope) {
        this.clients = clients;
        this.codes = codes;
        this.tokens = tokens;
        this.scopes = scopes;
        this.defaultScope = defaultScope;
    }

    private record Credentials(String id, String secret) {}

    /** Issues a token. */
    Response issue(Map<String, String> form, @Nullable String authorization) {
        Credentials given = credentials(form, authorization);
        return switch (form.getOrDefault("grant_type", "")) {
            case Registration.AUTHORIZATION_CODE -> forCode(given.id, form);
            case Registration.CLIENT_CREDENTIALS -> forClient(given, form);
            default ->
                Response.error(400, "unsupported_grant_type", "supported: authorization_code and client_credentials");
        };
    }

    /** Answers with a token of the client itself (RFC 6749, section 4.4). */
    private Response forClient(Credentials given, Map<String, String> form) {
        Optional<Clients.Client> client = clients.authenticate(given.id, given.secret);
        if (client.isEmpty()) {
            return Response.error(401, "invalid_client", "unknown client or wrong secret");
        }
        String scope = form.getOrDefault("scope", defaultScope);
        if (!Set.copyOf(scopes).containsAll(List.of(scope.split(" ")))) {
            return Response.error(400, "invalid_scope", "supported: " + String.join(" ", scopes));
        }
        return Response.json(200, answer(scope, tokens.issue(client.get(), scope)));
    }

    /** Answers with tokens of the person who has logged in (RFC 6749, section 4.1.3). */
    private Response forCode(String clientId, Map<String, String> form) {
        if (clients.find(clientId).isEmpty()) {
            return Response.error(401, "invalid_client", "unknown client");
        }
        // Whatever happens now, the code is used up.
        Optional<Codes.Grant> redeemed = codes.redeem(form.getOrDefault("code", ""))
                .filter(grant -> grant.isFor(
                        clientId, form.getOrDefault("redirect_uri", ""), form.getOrDefault("code_verifier", "")));
        if (redeemed.isEmpty()) {
            return Response.error(400, "invalid_grant", "unknown, used or expired code, or another request's");
        }
        AuthorizationRequest request = redeemed.get().request();
        Account account = redeemed.get().account();
        Map<String, Object> answer = answer(request.scope(), tokens.issue(clientId, account, request.scope()));
        if (List.of(request.scope().split(" ")).contains("openid")) {
            answer.put("id_token", tokens.identify(clientId, account, request.scope(), request.nonce()));
        }
        return Response.json(200, answer);
    }

    private static Map<String, Object> answer(String scope, String accessToken) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", accessToken);
        answer.put("token_type", "Bearer");
        answer.put("expires_in", Tokens.LIFETIME.toSeconds());
        answer.put("scope", scope);
        return answer;
    }

    private static Credentials credentials(Map<String, String> form, @Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BASIC)) {
            return new Credentials(form.getOrDefault("client_id", ""), form.getOrDefault("client_secret", ""));
        }
        String pair =
                new String(Base64.getDecoder().decode(authorization.substring(BASIC.length())), StandardCharsets.UTF_8);
        String[] parts = pair.split(":", 2);
        return new Credentials(decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1]));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
