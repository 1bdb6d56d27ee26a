package com.example.shop.issuer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The known clients, and those that registered since the start. */
class Clients {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");
    private static final SecureRandom RANDOM = new SecureRandom();
    private final Map<String, Client> confidential = new ConcurrentHashMap<>();
    private final Map<String, PublicClient> open = new ConcurrentHashMap<>();

    /** A program that may get tokens for itself; the subject is the user that it acts as. */
    record Client(String id, String secret, String subject, List<String> roles) {}

    /** A program without a secret that people log in to; codes are sent to its redirect URIs alone. */
    record PublicClient(String id, String name, Set<String> redirectUris) {}

    Clients(Client administrator, PublicClient docs) {
        confidential.put(administrator.id, administrator);
        open.put(docs.id, docs);
    }

    /** Registers a new client without any role. */
    Client register() {
        String id = UUID.randomUUID().toString();
        Client client = new Client(id, random(), id, List.of());
        confidential.put(id, client);
        return client;
    }

    /** Registers a new client for people; throws an exception unless its redirect URIs are of this machine. */
    PublicClient register(String name, List<String> redirectUris) {
        redirectUris.forEach(Clients::origin);
        PublicClient client = new PublicClient(UUID.randomUUID().toString(), name, Set.copyOf(redirectUris));
        open.put(client.id, client);
        return client;
    }

    /** Returns the client with this id and secret. */
    Optional<Client> authenticate(String id, String secret) {
        return Optional.ofNullable(confidential.get(id)).filter(client -> same(client.secret, secret));
    }

    /** Returns the client without a secret that has this id. */
    Optional<PublicClient> find(String id) {
        return Optional.ofNullable(open.get(id));
    }

    /** Returns the origin of a redirect URI; throws an exception unless it is one of this machine. */
    static String origin(String redirectUri) {
        URI uri = URI.create(redirectUri);
        if (!"http".equals(uri.getScheme())
                || uri.getHost() == null
                || !LOOPBACK.contains(uri.getHost())
                || !uri.getRawPath().startsWith("/")
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "A redirect URI must have a path below http://127.0.0.1 or http://localhost, and no fragment.");
        }
        return uri.getPort() < 0 ? "http://" + uri.getHost() : "http://" + uri.getHost() + ':' + uri.getPort();
    }

    /** Compares two secrets in a time that does not depend on their contents. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns 32 random bytes as text. */
    static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
