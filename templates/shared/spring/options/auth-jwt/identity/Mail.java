package com.example.shop.identity;

/** Mail to users. */
interface Mail {

    /** Sends a reset token. */
    void sendReset(String email, String token);
}
