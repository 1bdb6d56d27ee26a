package com.example.shop.chassis.calls;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.example.shop.chassis.startup.StartupRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A service admits the callers that it lists, and only with tokens that are meant for it. */
class CallerVerifierTest {

    private static final String SECRET = "A".repeat(43);
    private static final String OTHER_SECRET = "B".repeat(42) + 'A';

    private static String publicKey(String secret) {
        byte[] key = ServiceKeys.privateKey(secret).generatePublicKey().getEncoded();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    private static CallerVerifier catalog(String callers) {
        return new CallerVerifier(new CallSettings("catalog", "", callers, Map.of()));
    }

    @Test
    void aListedCallerIsAdmitted() {
        CallerVerifier catalog = catalog("cart=" + publicKey(OTHER_SECRET) + ",orders=" + publicKey(SECRET));
        String token = new ServiceTokens("orders", SECRET, "catalog").token();
        assertThat(catalog.admits(token)).isTrue();
        assertThat(catalog.admits(token)).isTrue();
    }

    /** The values are those of the other stack, so that services of both stacks can call each other. */
    @Test
    void aTokenHasTheFormOfOtherServices() throws ParseException {
        assertThat(publicKey(SECRET)).isEqualTo("O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik");
        SignedJWT token = SignedJWT.parse(new ServiceTokens("orders", SECRET, "catalog").token());
        assertThat(token.getHeader().toJSONObject())
                .containsOnly(
                        Map.entry("alg", "Ed25519"),
                        Map.entry("typ", "service+jwt"),
                        Map.entry("kid", "9ZP03Nu8GrXPAUkbKNxHOKBzxPX83SShgFkRNK-f2lw"));
        assertThat(token.getJWTClaimsSet().getClaims()).containsOnlyKeys("iss", "aud", "iat", "exp");
    }

    @Test
    void aTokenOfACallerWhoseClockIsAheadIsAdmittedLater() throws JOSEException {
        Instant issued = Instant.now().plusSeconds(12);
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("orders")
                .audience("catalog")
                .issueTime(Date.from(issued))
                .expirationTime(Date.from(issued.plus(ServiceTokens.LIFETIME)))
                .build();
        JWSHeader header = new JWSHeader.Builder(ServiceKeys.ALGORITHM)
                .type(ServiceTokens.TYPE)
                .keyID(ServiceKeys.id(ServiceKeys.privateKey(SECRET).generatePublicKey()))
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new ServiceKeys.Signer(ServiceKeys.privateKey(SECRET)));
        CallerVerifier catalog = catalog("orders=" + publicKey(SECRET));
        assertThat(catalog.admits(token.serialize())).isFalse();
        await().untilAsserted(
                        () -> assertThat(catalog.admits(token.serialize())).isTrue());
    }

    @Test
    void anotherAudienceIsRefused() {
        CallerVerifier catalog = catalog("orders=" + publicKey(SECRET));
        assertThat(catalog.admits(new ServiceTokens("orders", SECRET, "payments").token()))
                .isFalse();
    }

    @Test
    void aCallerInTheNameOfAnotherIsRefused() {
        CallerVerifier catalog = catalog("cart=" + publicKey(OTHER_SECRET) + ",orders=" + publicKey(SECRET));
        assertThat(catalog.admits(new ServiceTokens("orders", OTHER_SECRET, "catalog").token()))
                .isFalse();
    }

    @Test
    void anUnlistedKeyIsRefused() {
        CallerVerifier catalog = catalog("orders=" + publicKey(SECRET));
        assertThat(catalog.admits(new ServiceTokens("orders", OTHER_SECRET, "catalog").token()))
                .isFalse();
        assertThat(catalog("").admits(new ServiceTokens("orders", SECRET, "catalog").token()))
                .isFalse();
    }

    @Test
    void aChangedTokenIsRefused() {
        CallerVerifier catalog = catalog("orders=" + publicKey(SECRET));
        String[] parts = new ServiceTokens("orders", SECRET, "catalog").token().split("\\.");
        String[] others =
                new ServiceTokens("orders", SECRET, "payments").token().split("\\.");
        assertThat(catalog.admits(parts[0] + '.' + parts[1] + '.' + others[2])).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token", "a.b.c", "eyJhbGciOiJub25lIn0.e30."})
    void anotherTextIsRefused(String text) {
        assertThat(catalog("orders=" + publicKey(SECRET)).admits(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "=key", "orders=short"})
    void aMalformedListOfCallersIsRefused(String callers) {
        assertThatThrownBy(() -> catalog(callers)).isInstanceOf(StartupRefused.class);
    }
}
