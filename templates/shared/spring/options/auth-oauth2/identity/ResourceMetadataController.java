package com.example.shop.identity;

import java.time.Duration;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import com.example.shop.chassis.security.IssuerSettings;

/** Publishes which issuer's tokens the shop accepts (protected-resource metadata, RFC 9728). */
@RestController
class ResourceMetadataController {

    private final Metadata metadata;

    ResourceMetadataController(IssuerSettings settings) {
        this.metadata = new Metadata(
                settings.resource(), List.of(settings.issuer()), List.of("openid", "email", settings.audience()));
    }

    /** The shop's address for callers, its issuer, and the scopes to request. */
    record Metadata(String resource, List<String> authorizationServers, List<String> scopesSupported) {}

    @GetMapping(IssuerSettings.METADATA_PATH)
    ResponseEntity<Metadata> read() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic())
                .body(metadata);
    }
}
