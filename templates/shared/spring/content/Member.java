package com.example.shop.content;

import java.util.UUID;

/** A member of the staff. */
record Member(UUID userId, Role role) {

    /** Returns whether the member may see and change an article of this author. */
    boolean mayChange(UUID authorId) {
        return role == Role.EDITOR || authorId.equals(userId);
    }
}
