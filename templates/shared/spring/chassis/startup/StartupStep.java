package com.example.shop.chassis.startup;

/** Something that every start of the program does, such as creating the administrator. */
public interface StartupStep {

    /** Returns what the step is for, such as the administrator. */
    String subject();

    /** Does it, unless it is done already. Several processes may start at once. */
    void run();
}
