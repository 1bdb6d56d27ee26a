package com.example.shop.chassis.security;

import org.springframework.security.core.AuthenticationException;

/** The keys of the token issuer are not known (yet), so no token can be verified. It is answered with 503. */
public class KeysUnavailable extends AuthenticationException {

    public KeysUnavailable(Throwable cause) {
        super("The token issuer is unavailable.", cause);
    }
}
