package com.example.shop.issuer;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Registration of clients (RFC 7591): with redirect URIs of one for people, else of one that acts for itself. */
class Registration {

    static final String CLIENT_CREDENTIALS = "client_credentials";
    static final String AUTHORIZATION_CODE = "authorization_code";
    static final List<String> SECRET_METHODS = List.of("client_secret_basic", "client_secret_post");
    private static final String INVALID = "invalid_client_metadata";
    private static final String SUPPORTED =
            "supported: client_credentials with a secret, and authorization_code with redirect_uris and the method none";
    private final Clients clients;

    Registration(Clients clients) {
        this.clients = clients;
    }

    /** Registers a client as its metadata say. */
    Response register(String body) {
        Map<String, Object> wanted;
        try {
            wanted = JSONObjectUtils.parse(body);
        } catch (ParseException malformed) {
            return Response.error(400, INVALID, "the body must be a JSON object");
        }
        return wanted.getOrDefault("redirect_uris", List.of()).equals(List.of())
                ? forItself(wanted)
                : forPeople(wanted);
    }

    private Response forItself(Map<String, Object> wanted) {
        String method = String.valueOf(wanted.getOrDefault("token_endpoint_auth_method", SECRET_METHODS.getFirst()));
        if (!SECRET_METHODS.contains(method) || !grants(wanted, CLIENT_CREDENTIALS)) {
            return Response.error(400, INVALID, SUPPORTED);
        }
        Clients.Client client = clients.register();
        Map<String, Object> metadata = metadata(client.id(), wanted, CLIENT_CREDENTIALS, List.of(), method);
        metadata.put("client_secret", client.secret());
        metadata.put("client_secret_expires_at", 0);
        return Response.json(201, metadata);
    }

    private Response forPeople(Map<String, Object> wanted) {
        if (!wanted.getOrDefault("token_endpoint_auth_method", "none").equals("none")
                || !wanted.getOrDefault("response_types", List.of("code")).equals(List.of("code"))
                || !grants(wanted, AUTHORIZATION_CODE)) {
            return Response.error(400, INVALID, SUPPORTED);
        }
        Clients.PublicClient client;
        try {
            List<String> redirectUris = JSONObjectUtils.getStringList(wanted, "redirect_uris");
            client = clients.register(String.valueOf(wanted.getOrDefault("client_name", "a program")), redirectUris);
        } catch (ParseException | IllegalArgumentException refused) {
            return Response.error(400, "invalid_redirect_uri", String.valueOf(refused.getMessage()));
        }
        Map<String, Object> metadata = metadata(client.id(), wanted, AUTHORIZATION_CODE, List.of("code"), "none");
        metadata.put("redirect_uris", List.copyOf(client.redirectUris()));
        return Response.json(201, metadata);
    }

    private static boolean grants(Map<String, Object> wanted, String type) {
        return wanted.getOrDefault("grant_types", List.of(type)).equals(List.of(type));
    }

    private static Map<String, Object> metadata(
            String id, Map<String, Object> wanted, String grant, List<String> responses, String method) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("client_id", id);
        metadata.put("client_name", wanted.getOrDefault("client_name", id));
        metadata.put("grant_types", List.of(grant));
        metadata.put("response_types", responses);
        metadata.put("token_endpoint_auth_method", method);
        return metadata;
    }
}
