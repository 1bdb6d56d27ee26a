package com.example.shop.identity;

import java.util.UUID;

/** Looks up users. */
public interface UserDirectory {

    /** Returns whether there is a user with this id. */
    boolean exists(UUID userId);
}
