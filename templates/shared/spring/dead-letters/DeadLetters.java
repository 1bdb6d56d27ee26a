package com.example.shop.app;

import java.util.List;
import java.util.UUID;
import org.springframework.boot.ApplicationArguments;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.startup.Command;

/** Lists the events that could not be delivered; with {@code --retry=ID}, schedules one of them for delivery. */
@Component
class DeadLetters implements Command {

    private final Outbox outbox;
    private final ApplicationArguments arguments;

    DeadLetters(Outbox ordersOutbox, ApplicationArguments arguments) {
        this.outbox = ordersOutbox;
        this.arguments = arguments;
    }

    @Override
    public String name() {
        return "dead-letters";
    }

    @Override
    public void run() {
        List<String> retried = arguments.getOptionValues("retry");
        if (retried == null) {
            outbox.backlog().dead().forEach(event -> System.out.println(event.id() + " " + event.type()));
            return;
        }
        for (String id : retried) {
            if (!outbox.redrive(UUID.fromString(id))) {
                throw new IllegalArgumentException("There is no dead letter " + id + '.');
            }
        }
    }
}
