package com.example.shop.identity;

import java.util.List;

/** Schemas of identity: accounts and sessions. */
public final class IdentityTables {

    public static final List<String> SCHEMAS = List.of("identity");

    private IdentityTables() {}
}
