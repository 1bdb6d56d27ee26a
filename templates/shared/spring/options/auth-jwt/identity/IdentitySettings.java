package com.example.shop.identity;

import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

import com.example.shop.chassis.http.RateLimit;
import com.example.shop.chassis.startup.StartupRefused;

/** Signing keys, token names, the administrator and rate limits of the shop's own accounts. */
@Validated
@ConfigurationProperties("shop.identity")
record IdentitySettings(
        @NotEmpty List<String> signingKeys,

        @NotEmpty String tokenIssuer,
        @NotEmpty String tokenAudience,
        String adminEmail,
        String adminPassword,
        RateLimit loginsPerEmail,
        RateLimit loginsPerAddress,
        RateLimit registrationsPerAddress,
        String smtpUrl,
        String mailFrom,
        String mailFolder) {

    IdentitySettings {
        // Spring leaves the name of a variable that is not set in its place.
        if (signingKeys.contains("${SIGNING_KEYS}")) {
            throw new StartupRefused("SIGNING_KEYS is not set. Set it in the environment or in .env.");
        }
        if (!adminEmail.isEmpty() && !EmailAddresses.isValid(adminEmail)) {
            throw new StartupRefused("ADMIN_EMAIL is invalid: it must be an email address.");
        }
    }
}
