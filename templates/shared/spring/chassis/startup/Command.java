package com.example.shop.chassis.startup;

/** A command of the program, such as {@code java -jar shop.jar migrate}. */
public interface Command {

    /** Returns the name of the command. */
    String name();

    /** Runs the command. */
    void run();
}
