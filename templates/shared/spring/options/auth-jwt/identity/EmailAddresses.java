package com.example.shop.identity;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Email addresses in the one form in which they are stored and compared.
 *
 * <p>An address can be reached from everywhere: the part before the @ is not in quotes, and the domain is neither an IP
 * address nor a name for special use.
 */
final class EmailAddresses {

    private static final int LONGEST = 254;
    private static final String ATOM = "[-a-z0-9!#$%&'*+/=?^_`{|}~[^\\x00-\\x7F\\p{C}\\p{Z}]]+";
    private static final Pattern LOCAL = Pattern.compile("(?!\\p{M})%1$s(\\.%1$s)*".formatted(ATOM));
    private static final String LABEL = "(?!(?!xn)..--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile("(%1$s\\.)+%1$s(?<=[a-z])".formatted(LABEL));
    private static final Pattern SPECIAL = Pattern.compile(".*\\.(arpa|invalid|local|localhost|onion|test)");
    // In a domain with other letters, such as a slash, people would read another one.
    private static final Pattern READABLE =
            Pattern.compile("(?!(.*\\.)?[-\\p{M}])(?!.*-(\\.|$))[-.\\p{L}\\p{M}\\p{N}]+");
    // Java leaves out or replaces these in a domain, which is then somebody else's.
    private static final Pattern REPLACED = Pattern.compile("[\u00df\u03c2\\p{C}\\p{Z}]");

    private EmailAddresses() {}

    /** Returns the normal form of an address; throws IllegalArgumentException if it is not valid. */
    static String normal(String address) {
        return parse(address)
                .orElseThrow(() -> new IllegalArgumentException("%s is not a valid email address".formatted(address)));
    }

    /** Returns whether an address is valid. */
    static boolean isValid(String address) {
        return parse(address).isPresent();
    }

    private static Optional<String> parse(String address) {
        if (address.length() > LONGEST) {
            return Optional.empty();
        }
        String composed = Normalizer.normalize(address, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        int at = composed.lastIndexOf('@');
        String local = composed.substring(0, Math.max(at, 0));
        return parseDomain(composed.substring(at + 1))
                .filter(domain -> LOCAL.matcher(local).matches())
                .map(domain -> local + '@' + domain)
                .filter(normal -> normal.getBytes(StandardCharsets.UTF_8).length <= LONGEST);
    }

    private static Optional<String> parseDomain(String domain) {
        if (REPLACED.matcher(domain).find()) {
            return Optional.empty();
        }
        try {
            String ascii = IDN.toASCII(domain).toLowerCase(Locale.ROOT);
            String readable = IDN.toUnicode(ascii);
            boolean valid = DOMAIN.matcher(ascii).matches()
                    && !SPECIAL.matcher(ascii).matches()
                    && READABLE.matcher(readable).matches();
            return valid ? Optional.of(readable) : Optional.empty();
        } catch (IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }
}
