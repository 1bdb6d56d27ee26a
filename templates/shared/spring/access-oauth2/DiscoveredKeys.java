package com.example.shop.chassis.security;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fetches the keys that an issuer's discovery document names (OpenID Connect Discovery 1.0). */
class DiscoveredKeys implements JWKSetSource<SecurityContext> {

    private final IssuerClient http = new IssuerClient();
    private final String issuer;
    private final URI discovery;

    DiscoveredKeys(String issuer, URI discovery) {
        this.issuer = issuer;
        this.discovery = discovery;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws JWKSetUnavailableException {
        try {
            Map<String, Object> document = JSONObjectUtils.parse(fetch(discovery));
            // Without this check, one issuer could speak for another (OpenID Connect Discovery 1.0, section 4.3).
            if (!issuer.equals(document.get("issuer"))) {
                throw new JWKSetUnavailableException(
                        discovery + " describes the issuer " + document.get("issuer") + ", not " + issuer);
            }
            return JWKSet.parse(fetch(URI.create(JSONObjectUtils.getString(document, "jwks_uri"))));
        } catch (IOException | ParseException | RuntimeException failure) {
            throw new JWKSetUnavailableException("The keys of " + issuer + " cannot be fetched.", failure);
        }
    }

    private String fetch(URI address) throws IOException {
        return http.retrieveResource(address.toURL()).getContent();
    }

    @Override
    public void close() {
        // An unused client closes its connections.
    }
}
