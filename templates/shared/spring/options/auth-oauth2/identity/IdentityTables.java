package com.example.shop.identity;

import java.util.List;

/** Schemas of identity: none, because the issuer stores the accounts. */
public final class IdentityTables {

    public static final List<String> SCHEMAS = List.of();

    private IdentityTables() {}
}
