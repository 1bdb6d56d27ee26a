package com.example.shop.chassis.calls;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

import com.example.shop.chassis.startup.StartupRefused;

/** Service keys: an Ed25519 key per service; a provider admits the callers whose public keys it has. */
final class ServiceKeys {

    static final JWSAlgorithm ALGORITHM = JWSAlgorithm.Ed25519;
    private static final int BYTES = 32;

    private ServiceKeys() {}

    /** Returns the signing key of a secret: 32 random bytes in base64url (RFC 8032, 5.1.5). */
    static Ed25519PrivateKeyParameters privateKey(String secret) {
        return new Ed25519PrivateKeyParameters(decoded(secret, "SERVICE_KEY"));
    }

    /** Returns the verification key from 32 bytes in base64url. */
    static Ed25519PublicKeyParameters publicKey(String text) {
        return new Ed25519PublicKeyParameters(decoded(text, "CALLERS"));
    }

    /** Returns the id of a key: its thumbprint (RFC 7638). */
    static String id(Ed25519PublicKeyParameters key) {
        try {
            return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key.getEncoded()))
                    .build()
                    .computeThumbprint()
                    .toString();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] decoded(String text, String variable) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // As one of another length.
        }
        throw new StartupRefused(variable + " is invalid: a service key is 32 bytes in base64url.");
    }

    /** Signs tokens. The one of Nimbus needs another library. */
    static final class Signer extends BaseJWSProvider implements JWSSigner {
        private final Ed25519PrivateKeyParameters key;

        Signer(Ed25519PrivateKeyParameters key) {
            super(Set.of(ALGORITHM));
            this.key = key;
        }

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(input, 0, input.length);
            return Base64URL.encode(signer.generateSignature());
        }
    }

    /** Verifies tokens. */
    static final class Verifier extends BaseJWSProvider implements JWSVerifier {
        private final Ed25519PublicKeyParameters key;

        Verifier(Ed25519PublicKeyParameters key) {
            super(Set.of(ALGORITHM));
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] input, Base64URL signature) {
            Ed25519Signer verifier = new Ed25519Signer();
            verifier.init(false, key);
            verifier.update(input, 0, input.length);
            return ALGORITHM.equals(header.getAlgorithm()) && verifier.verifySignature(signature.decode());
        }
    }
}
