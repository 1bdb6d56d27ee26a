package com.example.shop.chassis.security;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An authenticated caller. */
public record Caller(UUID id, @Nullable String email, Set<String> roles) {

    public static final String CUSTOMER = "customer";
    public static final String ADMIN = "admin";
}
