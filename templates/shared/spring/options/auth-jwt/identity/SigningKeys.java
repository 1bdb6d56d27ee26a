package com.example.shop.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.util.Base64;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.startup.StartupRefused;

/**
 * Signing keys for access tokens: P-256, derived from secrets of 32 bytes (base64url).
 *
 * <p>The first key signs; all of them are published and accepted. A new key must be known everywhere before it signs, so
 * a rotation has three releases: append the new secret; move it to the front; and, when the last token that the old one
 * signed has expired, remove the old one.
 */
@Component
class SigningKeys {

    private static final int SECRET_BYTES = 32;
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256r1");
    private final JWKSet keys;

    SigningKeys(IdentitySettings settings) {
        this.keys = new JWKSet(settings.signingKeys().stream()
                .<JWK>map(secret -> key(secret.strip()))
                .toList());
    }

    /** Returns all keys, with their private parts. */
    JWKSet all() {
        return keys;
    }

    /** Returns the id of the key that signs. */
    String currentId() {
        return keys.getKeys().getFirst().getKeyID();
    }

    private static ECKey key(String secret) {
        BigInteger scalar = scalar(secret);
        ECPoint point = CURVE.getG().multiply(scalar).normalize();
        try {
            return new ECKey.Builder(
                            Curve.P_256,
                            Base64URL.encode(point.getAffineXCoord().getEncoded()),
                            Base64URL.encode(point.getAffineYCoord().getEncoded()))
                    .d(ECKey.encodeCoordinate(
                            Curve.P_256
                                    .toECParameterSpec()
                                    .getCurve()
                                    .getField()
                                    .getFieldSize(),
                            scalar))
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static BigInteger scalar(String secret) {
        // From 1 to n - 1, as a private key must be.
        BigInteger order = CURVE.getN();
        return new BigInteger(1, decoded(secret))
                .mod(order.subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
    }

    private static byte[] decoded(String secret) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(secret);
            if (bytes.length == SECRET_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            // As one of another length.
        }
        throw new StartupRefused("SIGNING_KEYS is invalid: each key is 32 random bytes in base64url.");
    }
}
