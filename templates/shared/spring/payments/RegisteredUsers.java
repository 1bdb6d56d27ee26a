package com.example.shop.payments;

import java.util.UUID;

/** What payments need to know of users. */
public interface RegisteredUsers {

    /** Returns whether there is a user with this id. */
    boolean exists(UUID userId);
}
