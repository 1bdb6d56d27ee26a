package com.example.shop.identity;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user of the shop; the roles are sorted. */
record User(UUID id, @Nullable String email, List<String> roles) {}
