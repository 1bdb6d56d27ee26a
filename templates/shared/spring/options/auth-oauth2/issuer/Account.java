package com.example.shop.issuer;

import java.util.List;

/** A person who can log in. The email address is also the subject of tokens, so it is the same after a restart. */
record Account(String email, String secret, List<String> roles) {

    /** Returns whether this is the person's email address and password. Without a password, nobody can log in. */
    boolean matches(String givenEmail, String givenSecret) {
        return email.equals(givenEmail) && !secret.isEmpty() && Clients.same(secret, givenSecret);
    }
}
