package com.example.shop.chassis.startup;

/** A check before the program is ready. */
public interface StartupCheck {

    /** Returns what is checked, such as the database. */
    String subject();

    /**
     * Throws an exception if the program has to wait, or {@link StartupRefused} if it must not start as it is
     * configured.
     */
    void check();
}
