package com.example.shop.dev;

import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

import com.example.shop.issuer.GetToken;

/** The administrator, who logs in at the local issuer. */
@Component
class Administrator {

    private final String issuer;
    private final String audience;
    private final String email;
    private final String password;

    Administrator(
            @Value("${OIDC_ISSUER:}") String issuer,
            @Value("${OIDC_AUDIENCE:shop}") String audience,
            @Value("${ADMIN_EMAIL:}") String email,
            @Value("${ADMIN_PASSWORD:}") String password) {
        this.issuer = issuer;
        this.audience = audience;
        this.email = email;
        this.password = password;
    }

    /** Returns an access token. */
    String token(RestClient shop) throws IOException, InterruptedException {
        return GetToken.token(issuer, email, password, audience);
    }
}
