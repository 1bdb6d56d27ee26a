import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;

/** Prints a new Ed25519 key of a service: the secret, and the public key for those that it calls; both in base64url. */
class KeyPair {

    public static void main(String[] arguments) throws Exception {
        java.security.KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        System.out.println(encoded(pair.getPrivate().getEncoded()) + " "
                + encoded(pair.getPublic().getEncoded()));
    }

    /** Returns the last 32 bytes: both encodings (RFC 8410) end with the key itself. */
    private static String encoded(byte[] der) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length));
    }
}
