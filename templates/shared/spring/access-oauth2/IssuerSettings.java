package com.example.shop.chassis.security;

import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Whose access tokens are accepted, and what makes an administrator.
 *
 * @param discoveryUrl where the issuer's discovery document is; empty for the place that follows from its address
 * @param clients the only clients whose tokens are accepted; empty for all
 * @param publicUrl the address of the shop for its callers
 */
@Validated
@ConfigurationProperties("shop.identity")
public record IssuerSettings(
        @Pattern(regexp = URL, message = "must be an address like https://login.example.com/realms/shop")
        String issuer,

        @NotEmpty String audience,
        @NotEmpty String adminRole,

        @Pattern(regexp = "|" + URL, message = "must be an address, with http or https")
        String discoveryUrl,

        Set<String> clients,

        @Pattern(regexp = URL, message = "must be an address, with http or https")
        String publicUrl) {

    /** Where the shop names its issuer. */
    public static final String METADATA_PATH = "/.well-known/oauth-protected-resource";

    private static final String URL = "https?://\\S+";

    /** Returns the address of the issuer's discovery document for the shop. */
    URI discovery() {
        return discoveryUrl.isEmpty() ? publicDiscovery() : URI.create(discoveryUrl);
    }

    /** Returns the address of the issuer's discovery document for clients. */
    URI publicDiscovery() {
        return URI.create(withoutSlash(issuer) + "/.well-known/openid-configuration");
    }

    /** Returns the address of the shop for its callers, without a slash at the end. */
    public String resource() {
        return withoutSlash(publicUrl);
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
