package com.example.shop.chassis.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A service accepts the tokens of an identity service of either stack, and no key verifies another algorithm. */
class IdentityKeysTest {

    private static final int KEY_BYTES = 32;
    private static final UUID ALICE = UUID.randomUUID();
    private static final KeyPair EDWARDS = edwardsKey();
    private static final JWK OTHER_STACK = published(EDWARDS, "other-stack");
    private static final ECKey JAVA = pointKey("java");
    private final TokenVerifier verifier = verifier(OTHER_STACK, JAVA.toPublicJWK());

    private static TokenVerifier verifier(JWK... published) {
        IdentityKeys keys = new IdentityKeys(new ImmutableJWKSet<>(new JWKSet(List.of(published))));
        return new AccessTokenVerifier(keys, keys, "shop", "shop");
    }

    private static KeyPair edwardsKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As an identity service of the other stack publishes it. */
    private static JWK published(KeyPair key, String id) {
        byte[] encoded = key.getPublic().getEncoded();
        byte[] raw = Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw))
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.Ed25519)
                .keyID(id)
                .build();
    }

    private static ECKey pointKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyID(id)
                    .generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String token(JWSAlgorithm algorithm, String keyId, JWSSigner signer) throws JOSEException {
        long now = Instant.now().getEpochSecond();
        JWSHeader header = new JWSHeader.Builder(algorithm)
                .type(AccessTokenVerifier.TYPE)
                .keyID(keyId)
                .build();
        Map<String, Object> claims = Map.of(
                "iss", "shop", "aud", "shop", "sub", ALICE.toString(), "exp", now + 60, "roles", List.of("customer"));
        JWSObject token = new JWSObject(header, new Payload(claims));
        token.sign(signer);
        return token.serialize();
    }

    @Test
    void tokensOfBothStacksAreAccepted() throws JOSEException {
        String ofOtherStack = token(JWSAlgorithm.Ed25519, "other-stack", new EdwardsSigner(EDWARDS));
        String ofJava = token(JWSAlgorithm.ES256, "java", new ECDSASigner(JAVA));
        assertThat(verifier.verify(ofOtherStack).caller().id()).isEqualTo(ALICE);
        assertThat(verifier.verify(ofJava).caller().id()).isEqualTo(ALICE);
    }

    @Test
    void aTokenOfAnotherKeyIsRefused() throws JOSEException {
        refused(token(JWSAlgorithm.Ed25519, "other-stack", new EdwardsSigner(edwardsKey())));
        refused(token(JWSAlgorithm.ES256, "java", new ECDSASigner(pointKey("other"))));
        refused(token(JWSAlgorithm.Ed25519, "unknown", new EdwardsSigner(EDWARDS)));
    }

    @Test
    void aKeyVerifiesNoTokenOfAnotherAlgorithm() throws JOSEException {
        refused(token(JWSAlgorithm.Ed25519, "java", new EdwardsSigner(EDWARDS)));
        refused(token(JWSAlgorithm.ES256, "other-stack", new ECDSASigner(JAVA)));
        // The older name of the algorithm does not say which curve.
        refused(token(JWSAlgorithm.EdDSA, "other-stack", new EdwardsSigner(EDWARDS)));
    }

    @Test
    void aPublicKeyIsNoSecret() throws JOSEException {
        byte[] edwards = OTHER_STACK.toOctetKeyPair().getDecodedX();
        refused(token(JWSAlgorithm.HS256, "other-stack", new MACSigner(edwards)));
        refused(token(
                JWSAlgorithm.HS256,
                "other-stack",
                new MACSigner(EDWARDS.getPublic().getEncoded())));
        refused(token(
                JWSAlgorithm.HS256, "java", new MACSigner(JAVA.toPublicKey().getEncoded())));
    }

    @Test
    void aTokenWithoutItsSignatureIsRefused() throws JOSEException {
        String token = token(JWSAlgorithm.Ed25519, "other-stack", new EdwardsSigner(EDWARDS));
        refused(token.substring(0, token.lastIndexOf('.') + 1));
        refused("eyJhbGciOiJub25lIn0" + token.substring(token.indexOf('.'), token.lastIndexOf('.') + 1));
    }

    @Test
    void aMalformedPublishedKeyIsIgnored() throws JOSEException {
        JWK malformed = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(new byte[1]))
                .keyID("other-stack")
                .build();
        String token = token(JWSAlgorithm.Ed25519, "other-stack", new EdwardsSigner(EDWARDS));
        assertThat(verifier(malformed, OTHER_STACK).verify(token).caller().id()).isEqualTo(ALICE);
    }

    private void refused(String token) {
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(BadJwtException.class);
    }

    /** Signs as an identity service of the other stack does, with the algorithm that the header names. */
    private static final class EdwardsSigner extends BaseJWSProvider implements JWSSigner {
        private final KeyPair key;

        EdwardsSigner(KeyPair key) {
            super(Set.of(JWSAlgorithm.Ed25519, JWSAlgorithm.EdDSA));
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                Signature signer = Signature.getInstance("Ed25519");
                signer.initSign(key.getPrivate());
                signer.update(input);
                return Base64URL.encode(signer.sign());
            } catch (GeneralSecurityException failure) {
                throw new JOSEException(failure);
            }
        }
    }
}
