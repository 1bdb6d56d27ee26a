package com.example.shop.chassis.http;

/** A check behind the readiness probe. */
public interface HealthCheck {

    /** Returns the name of what is checked. */
    String name();

    /** Returns whether the process is not ready if the check fails; otherwise, the outcome is only reported. */
    default boolean required() {
        return true;
    }

    /** Throws an exception if the check fails. */
    void run();
}
