package com.example.shop.chassis.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.jspecify.annotations.Nullable;

/**
 * Selects the published key that verifies an access token: P-256 keys for ES256, Ed25519 keys for Ed25519.
 *
 * <p>An identity service in Java has P-256 keys, and one in the other stack has Ed25519 keys. The type of the key decides, never the
 * token alone.
 */
class IdentityKeys extends DefaultJWSVerifierFactory implements JWSKeySelector<SecurityContext> {

    private static final String ED25519 = "Ed25519";
    private final JWKSource<SecurityContext> published;

    IdentityKeys(JWKSource<SecurityContext> published) {
        this.published = published;
    }

    @Override
    public List<Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context) throws KeySourceException {
        JWKMatcher matcher = new JWKMatcher.Builder()
                .keyID(header.getKeyID())
                .keyUses(KeyUse.SIGNATURE, null)
                .build();
        return published.get(new JWKSelector(matcher), context).stream()
                .<Key>flatMap(key -> usable(key, header.getAlgorithm()))
                .toList();
    }

    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        return key instanceof EdECPublicKey edwards
                ? new Ed25519Verifier(edwards)
                : super.createJWSVerifier(header, key);
    }

    /** Returns the key if its type is the one of the algorithm; nothing for another or a malformed one. */
    private static Stream<PublicKey> usable(JWK key, JWSAlgorithm algorithm) {
        try {
            if (key instanceof ECKey point
                    && JWSAlgorithm.ES256.equals(algorithm)
                    && Curve.P_256.equals(point.getCurve())) {
                return Stream.of(point.toPublicKey());
            }
            if (key instanceof OctetKeyPair pair
                    && JWSAlgorithm.Ed25519.equals(algorithm)
                    && Curve.Ed25519.equals(pair.getCurve())) {
                return Stream.of(publicKey(pair));
            }
            return Stream.empty();
        } catch (JOSEException | IOException | GeneralSecurityException | IllegalArgumentException malformed) {
            return Stream.empty();
        }
    }

    private static PublicKey publicKey(OctetKeyPair key) throws IOException, GeneralSecurityException {
        byte[] encoded = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                        new Ed25519PublicKeyParameters(key.getDecodedX()))
                .getEncoded();
        return KeyFactory.getInstance(ED25519).generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Verifies signatures of Ed25519 keys. The one of Nimbus needs another library. */
    private static final class Ed25519Verifier extends BaseJWSProvider implements JWSVerifier {
        private final PublicKey key;

        Ed25519Verifier(PublicKey key) {
            super(Set.of(JWSAlgorithm.Ed25519));
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
            try {
                Signature verifier = Signature.getInstance(ED25519);
                verifier.initVerify(key);
                verifier.update(input);
                return verifier.verify(signature.decode());
            } catch (GeneralSecurityException malformed) {
                return false;
            }
        }
    }
}
