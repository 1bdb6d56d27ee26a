package com.example.shop.chassis.messaging.bus;

import java.util.List;
import java.util.Map;
import org.springframework.boot.ApplicationArguments;

import com.example.shop.chassis.startup.Command;

/** Lists the dead letters of all groups; with {@code --replay=ID}, or {@code --replay=all}, replays them. */
class DeadLettersCommand implements Command {

    private static final String ALL = "all";
    private final DeadLetters deadLetters;
    private final ApplicationArguments arguments;

    DeadLettersCommand(DeadLetters deadLetters, ApplicationArguments arguments) {
        this.deadLetters = deadLetters;
        this.arguments = arguments;
    }

    @Override
    public String name() {
        return "dead-letters";
    }

    @Override
    public void run() {
        Map<String, StoredMessage> found = deadLetters.read();
        List<String> replayed = arguments.getOptionValues("replay");
        if (replayed == null) {
            found.forEach((id, message) -> System.out.println(String.join(
                    "  ",
                    id,
                    message.time().toString(),
                    message.headers().getOrDefault("type", "?"),
                    message.key(),
                    message.headers().getOrDefault(RetryPath.ERROR, "?"))));
            return;
        }
        for (String id : replayed) {
            if (!id.equals(ALL) && !found.containsKey(id)) {
                throw new IllegalArgumentException("There is no dead letter " + id + '.');
            }
        }
        found.forEach((id, message) -> {
            if (replayed.contains(ALL) || replayed.contains(id)) {
                deadLetters.replay(message);
            }
        });
    }
}
