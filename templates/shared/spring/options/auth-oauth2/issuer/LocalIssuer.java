package com.example.shop.issuer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The issuer's endpoints: discovery, keys, registration, login and tokens. It serves this machine only. */
public class LocalIssuer implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    /** The client id of the pages that show the API. */
    private static final String DOCS = "docs";

    private final HttpServer server;
    private final String issuer;
    private final String audience;
    private final List<String> scopes;
    private final List<Account> accounts;
    private final Clients clients;
    private final Codes codes = new Codes();
    private final Tokens tokens;
    private final Registration registration;
    private final TokenEndpoint tokenEndpoint;

    /** Serves at the address that the variables name, until the process ends. */
    public static void main(String[] arguments) throws IOException {
        new LocalIssuer(System.getenv());
    }

    /** Starts the issuer as the variables say: OIDC_ISSUER, OIDC_AUDIENCE, its accounts and its clients. */
    public LocalIssuer(Map<String, String> variables) throws IOException {
        URI address = URI.create(variables.getOrDefault("OIDC_ISSUER", ""));
        if (!LOOPBACK.equals(address.getHost())) {
            throw new IllegalArgumentException("The local issuer must be at http://127.0.0.1:<port>: set OIDC_ISSUER.");
        }
        server = HttpServer.create(new InetSocketAddress(LOOPBACK, Math.max(address.getPort(), 0)), 0);
        issuer = "http://" + LOOPBACK + ':' + server.getAddress().getPort();
        audience = variables.getOrDefault("OIDC_AUDIENCE", "shop");
        scopes = List.of("openid", "email", audience);
        List<String> administrator = List.of(variables.getOrDefault("OIDC_ADMIN_ROLE", "admin"));
        accounts = List.of(account(variables, "ADMIN", administrator), account(variables, "CUSTOMER", List.of()));
        clients = new Clients(
                new Clients.Client(
                        variables.getOrDefault("ADMIN_CLIENT_ID", "admin"),
                        variables.getOrDefault("ADMIN_CLIENT_SECRET", ""),
                        "administrator",
                        administrator),
                new Clients.PublicClient(DOCS, "the API documentation", docsRedirects(variables)));
        tokens = new Tokens(issuer, audience);
        registration = new Registration(clients);
        tokenEndpoint = new TokenEndpoint(clients, codes, tokens, scopes, audience);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Returns the address, which is also the name in tokens. */
    public String address() {
        return issuer;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Response response = respond(exchange);
            response.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            // Web pages need tokens, too. Any page may ask: there are no cookies, and only this machine is served.
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            exchange.getResponseHeaders().set("Access-Control-Allow-Methods", "GET, POST");
            exchange.getResponseHeaders().set("Access-Control-Allow-Headers", "*, Authorization");
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Response respond(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        try {
            return switch (exchange.getRequestMethod() + ' ' + path) {
                case "GET /.well-known/openid-configuration" -> Response.json(200, discovery());
                case "GET /jwks" -> Response.json(200, tokens.published());
                case "POST /register" -> registration.register(body);
                case "GET /authorize", "POST /authorize" ->
                    authorize(parameters(exchange.getRequestURI().getRawQuery()), exchange.getRequestMethod(), body);
                case "POST /token" ->
                    tokenEndpoint.issue(
                            parameters(body), exchange.getRequestHeaders().getFirst("Authorization"));
                case "POST /rotate" -> rotated();
                default -> new Response(exchange.getRequestMethod().equals("OPTIONS") ? 204 : 404, "", Map.of());
            };
        } catch (IllegalArgumentException malformed) {
            return Response.error(400, "invalid_request", "the request is malformed");
        }
    }

    private Response authorize(Map<String, String> given, String method, String body) {
        AuthorizationRequest request;
        try {
            request = AuthorizationRequest.of(given, clients, scopes, audience);
        } catch (AuthorizationRequest.Untrusted reason) {
            return LoginPage.refusal(String.valueOf(reason.getMessage()));
        } catch (AuthorizationRequest.Refused refused) {
            return redirect(
                    refused.request(),
                    Map.of("error", refused.code(), "error_description", String.valueOf(refused.getMessage())));
        }
        if (!method.equals("POST")) {
            return LoginPage.form(request, "");
        }
        Map<String, String> form = parameters(body);
        return accounts.stream()
                .filter(account -> account.matches(form.getOrDefault("email", ""), form.getOrDefault("password", "")))
                .findFirst()
                .map(account -> redirect(request, Map.of("code", codes.issue(request, account))))
                .orElseGet(() -> LoginPage.form(request, "Email or password is wrong."));
    }

    private Response redirect(AuthorizationRequest request, Map<String, String> answer) {
        Map<String, String> given = new LinkedHashMap<>(answer);
        if (request.state() != null) {
            given.put("state", request.state());
        }
        // The issuer's name tells clients of several issuers which of them has answered (RFC 9207).
        given.put("iss", issuer);
        String separator = request.redirectUri().contains("?") ? "&" : "?";
        return Response.redirect(request.redirectUri() + separator + encoded(given));
    }

    private Response rotated() {
        tokens.rotate();
        return new Response(204, "", Map.of());
    }

    private Map<String, Object> discovery() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", issuer);
        document.put("jwks_uri", issuer + "/jwks");
        document.put("registration_endpoint", issuer + "/register");
        document.put("authorization_endpoint", issuer + "/authorize");
        document.put("token_endpoint", issuer + "/token");
        document.put(
                "token_endpoint_auth_methods_supported", List.of("none", "client_secret_basic", "client_secret_post"));
        document.put(
                "grant_types_supported", List.of(Registration.AUTHORIZATION_CODE, Registration.CLIENT_CREDENTIALS));
        document.put("response_types_supported", List.of("code"));
        document.put("code_challenge_methods_supported", List.of("S256"));
        document.put("authorization_response_iss_parameter_supported", true);
        document.put("scopes_supported", scopes);
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of(Tokens.ALGORITHM.getName()));
        return document;
    }

    private static Account account(Map<String, String> variables, String prefix, List<String> roles) {
        return new Account(
                variables.getOrDefault(prefix + "_EMAIL", ""), variables.getOrDefault(prefix + "_PASSWORD", ""), roles);
    }

    /** Returns the addresses to which the documentation is redirected: people open it under both names of this machine. */
    private static Set<String> docsRedirects(Map<String, String> variables) {
        int port = URI.create(variables.getOrDefault("DOCS_URL", "http://127.0.0.1:8000"))
                .getPort();
        return Set.of(
                "http://127.0.0.1:" + port + "/docs/oauth2-redirect",
                "http://localhost:" + port + "/docs/oauth2-redirect");
    }

    /** Parses a query or a form; a parameter without a value counts as omitted (RFC 6749, section 3.1). */
    static Map<String, String> parameters(@Nullable String encoded) {
        return Arrays.stream((encoded == null ? "" : encoded).split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2 && !pair[1].isEmpty())
                .collect(Collectors.toMap(pair -> decoded(pair[0]), pair -> decoded(pair[1]), (one, other) -> {
                    throw new IllegalArgumentException("A parameter is repeated.");
                }));
    }

    static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + '=' + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
