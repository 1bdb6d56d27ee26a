package com.example.shop.chassis.startup;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/** Waits for what a program needs, such as its database. */
public final class Wait {

    private static final Logger log = LoggerFactory.getLogger(Wait.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private Wait() {}

    /**
     * Makes the check until it passes, with growing pauses; logs what the program waits for, and when that is over.
     *
     * <p>Throws what the check throws once the deadline has passed, and a {@link StartupRefused} at once.
     */
    public static void until(Instant deadline, String subject, Runnable check) {
        Duration pause = FIRST_PAUSE;
        for (boolean waiting = false; ; waiting = true) {
            try {
                check.run();
                if (waiting) {
                    log.info("The wait for the {} is over", subject);
                }
                return;
            } catch (StartupRefused refused) {
                throw refused;
            } catch (RuntimeException failure) {
                if (Instant.now().isAfter(deadline)) {
                    throw failure;
                }
                if (!waiting) {
                    log.warn("Waiting for the {}: {}", subject, reason(failure));
                }
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    /** Returns the first line of the cause: drivers add addresses and advice. */
    private static String reason(RuntimeException failure) {
        String message = NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
        return message == null
                ? failure.toString()
                : message.lines().findFirst().orElse("");
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The program was stopped while it waited.", interrupted);
        }
    }
}
