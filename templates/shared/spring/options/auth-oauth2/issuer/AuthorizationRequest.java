package com.example.shop.issuer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A valid authorization request (RFC 6749, section 4.1.1) with a PKCE challenge of the method S256. */
record AuthorizationRequest(
        Clients.PublicClient client,
        String redirectUri,
        @Nullable String state,
        String scope,
        String challenge,
        @Nullable String nonce) {

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** It is not known where to send the person back to, so the error is shown instead. */
    static class Untrusted extends RuntimeException {
        Untrusted(String reason) {
            super(reason);
        }
    }

    /** The client is told why its request is refused. */
    static class Refused extends RuntimeException {
        private final AuthorizationRequest request;
        private final String code;

        Refused(AuthorizationRequest request, String code, String description) {
            super(description);
            this.request = request;
            this.code = code;
        }

        AuthorizationRequest request() {
            return request;
        }

        String code() {
            return code;
        }
    }

    /** Returns the request in the parameters; throws an exception if it cannot be granted. */
    static AuthorizationRequest of(
            Map<String, String> given, Clients clients, List<String> scopes, String defaultScope) {
        Clients.PublicClient client = clients.find(given.getOrDefault("client_id", ""))
                .orElseThrow(() -> new Untrusted("The client is unknown. Register it, or check its client_id."));
        String redirectUri = given.getOrDefault("redirect_uri", "");
        if (!client.redirectUris().contains(redirectUri)) {
            throw new Untrusted("The client has not registered this redirect_uri.");
        }
        AuthorizationRequest request = new AuthorizationRequest(
                client,
                redirectUri,
                given.get("state"),
                given.getOrDefault("scope", defaultScope),
                given.getOrDefault("code_challenge", ""),
                given.get("nonce"));
        if (!"code".equals(given.get("response_type"))) {
            throw new Refused(request, "unsupported_response_type", "supported: code");
        }
        if (!"query".equals(given.getOrDefault("response_mode", "query"))) {
            throw new Refused(request, "invalid_request", "supported response_mode: query");
        }
        if (!"S256".equals(given.get("code_challenge_method"))
                || !CHALLENGE.matcher(request.challenge).matches()) {
            throw new Refused(request, "invalid_request", "PKCE is required, with code_challenge_method=S256");
        }
        if (!Set.copyOf(scopes).containsAll(List.of(request.scope.split(" ")))) {
            throw new Refused(request, "invalid_scope", "supported: " + String.join(" ", scopes));
        }
        if ("none".equals(given.get("prompt"))) {
            throw new Refused(request, "login_required", "each request needs a login");
        }
        return request;
    }
}
