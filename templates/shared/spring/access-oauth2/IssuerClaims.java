package com.example.shop.chassis.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

import com.example.shop.chassis.http.Parameters;

/** Maps the claims of verified access tokens to callers. */
final class IssuerClaims {

    private static final UUID URLS = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
    // Lower ids belong to the shop itself, such as the accounts of its ledger, and never to a user.
    private static final long FIRST_ID = 1 << 16;
    private static final String ROLES = "roles";

    private IssuerClaims() {}

    /**
     * Returns the caller. Everybody with a token for the audience is a customer.
     *
     * <p>A caller who was granted the role of administrators, as a role or as a scope, is one. An email address counts
     * only if the issuer has verified it.
     */
    static Caller caller(Jwt token, String issuer, String audience, String adminRole) {
        Set<String> roles = granted(token, audience).contains(adminRole)
                ? Set.of(Caller.CUSTOMER, Caller.ADMIN)
                : Set.of(Caller.CUSTOMER);
        boolean verified = Boolean.TRUE.equals(token.getClaims().get("email_verified"));
        String email = verified && token.getClaims().get("email") instanceof String given ? given : null;
        return new Caller(userId(issuer, Objects.requireNonNull(token.getSubject())), email, roles);
    }

    /** Throws an exception for a token without a user, not for API calls or, if clients are named, of another one. */
    static void checkUse(Jwt token, Set<String> clients) {
        String subject = token.getSubject();
        if (subject == null || subject.isEmpty()) {
            throw new BadJwtException("The token names no user.");
        }
        Map<String, Object> claims = token.getClaims();
        // Keycloak marks ID, refresh and DPoP tokens like this.
        if (!"Bearer".equals(claims.getOrDefault("typ", "Bearer"))) {
            throw new BadJwtException("The token is not a bearer token.");
        }
        if (claims.containsKey("cnf")) {
            throw new BadJwtException("The token is bound to a key (RFC 7800).");
        }
        Object client = claims.getOrDefault("azp", claims.get("client_id"));
        if (!clients.isEmpty() && !(client instanceof String id && clients.contains(id))) {
            throw new BadJwtException("The token was issued to a client that is not accepted here.");
        }
    }

    /** Returns the subject if users may have it as id, otherwise a UUID version 5 of issuer and subject. */
    static UUID userId(String issuer, String subject) {
        // Only the canonical form counts: otherwise two subjects could map to one user.
        if (Parameters.isId(subject) && subject.equals(UUID.fromString(subject).toString())) {
            UUID own = UUID.fromString(subject);
            if (own.getMostSignificantBits() != 0
                    || Long.compareUnsigned(own.getLeastSignificantBits(), FIRST_ID) >= 0) {
                return own;
            }
        }
        return named(named(URLS, issuer), subject);
    }

    /** Returns Keycloak's roles, the plain claim {@code roles}, and scopes (RFC 8693, section 4.2). */
    private static Set<String> granted(Jwt token, String audience) {
        Map<String, Object> claims = token.getClaims();
        Set<String> granted = new HashSet<>();
        granted.addAll(texts(member(claims.get("realm_access"), ROLES)));
        granted.addAll(texts(member(member(claims.get("resource_access"), audience), ROLES)));
        granted.addAll(texts(claims.get(ROLES)));
        if (claims.get("scope") instanceof String scope) {
            granted.addAll(List.of(scope.split(" ")));
        }
        return granted;
    }

    private static @Nullable Object member(@Nullable Object value, String name) {
        return value instanceof Map<?, ?> object ? object.get(name) : null;
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof Collection<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    /** Returns the UUID version 5 of a name (RFC 9562, section 5.5). */
    private static UUID named(UUID namespace, String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16)
                    .putLong(namespace.getMostSignificantBits())
                    .putLong(namespace.getLeastSignificantBits())
                    .flip());
            ByteBuffer digest = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = (digest.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000;
            return new UUID(high, (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
