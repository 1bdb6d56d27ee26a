package com.example.shop.issuer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Authorization codes, each of which is good for one token. */
class Codes {

    private static final Duration LIFETIME = Duration.ofMinutes(1);
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();

    /** What a code stands for: the request that an account has granted. */
    record Grant(AuthorizationRequest request, Account account, Instant expiresAt) {

        /** Returns whether the client made the request, with a challenge of this verifier (RFC 7636, 4.6). */
        boolean isFor(String clientId, String redirectUri, String verifier) {
            return clientId.equals(request.client().id())
                    && redirectUri.equals(request.redirectUri())
                    && VERIFIER.matcher(verifier).matches()
                    && Clients.same(challenge(verifier), request.challenge());
        }
    }

    /** Returns a new code for what the account has granted. */
    String issue(AuthorizationRequest request, Account account) {
        Instant now = Instant.now();
        grants.values().removeIf(grant -> grant.expiresAt.isBefore(now));
        String code = Clients.random();
        grants.put(code, new Grant(request, account, now.plus(LIFETIME)));
        return code;
    }

    /** Returns what the code stands for, once; empty if it is unknown, used or expired. */
    Optional<Grant> redeem(String code) {
        return Optional.ofNullable(grants.remove(code)).filter(grant -> grant.expiresAt.isAfter(Instant.now()));
    }

    /** Returns the challenge of a verifier, by the method S256. */
    static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
