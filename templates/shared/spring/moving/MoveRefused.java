package com.example.shop.chassis.database;

/** The step cannot be taken; the message says why, and what to do. */
class MoveRefused extends RuntimeException {

    MoveRefused(String message) {
        // The end of the command shows it, where the place in the code helps nobody.
        super(message, null, false, false);
    }

    MoveRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
