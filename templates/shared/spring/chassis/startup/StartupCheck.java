package com.example.shop.chassis.startup;

/** A check before the program serves requests. */
public interface StartupCheck {

    /** Throws {@link StartupRefused} if the program must not start as it is configured. */
    void check();
}
