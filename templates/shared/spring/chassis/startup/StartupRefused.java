package com.example.shop.chassis.startup;

/** The program must not start as it is configured; the message says what to change. */
public class StartupRefused extends RuntimeException {

    public StartupRefused(String message) {
        super(message);
    }
}
