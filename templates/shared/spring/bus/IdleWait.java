package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.example.shop.chassis.startup.Command;

/** The command {@code wait-until-idle}: waits until no event has been on its way for some seconds, as before a backup. */
class IdleWait implements Command {

    private static final Logger log = LoggerFactory.getLogger(IdleWait.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    // An event in an outbox is published within a second, unless the broker or the service is down.
    private static final int QUIET_POLLS = 5;
    private final BusAdministration administration;

    IdleWait(BusAdministration administration) {
        this.administration = administration;
    }

    @Override
    public String name() {
        return "wait-until-idle";
    }

    @Override
    public void run() {
        for (int quiet = 0; quiet < QUIET_POLLS; ) {
            long waiting = administration.undelivered();
            if (waiting > 0) {
                log.info("{} events are on their way", waiting);
            }
            quiet = waiting > 0 ? 0 : quiet + 1;
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The program was stopped while it waited.", interrupted);
            }
        }
    }
}
