package com.example.shop.chassis.startup;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A program waits for what it needs, and says once what that is. */
@ExtendWith(OutputCaptureExtension.class)
class WaitTest {

    private static Runnable failing(RuntimeException... failures) {
        Queue<RuntimeException> left = new ArrayDeque<>(List.of(failures));
        return () -> {
            RuntimeException failure = left.poll();
            if (failure != null) {
                throw failure;
            }
        };
    }

    @Test
    void theReasonIsLoggedOnceAndTheEndOfTheWait(CapturedOutput output) {
        RuntimeException down = new IllegalStateException("no", new IllegalStateException("refused\nadvice"));
        Wait.until(Instant.MAX, "database", failing(down, down, down));
        assertThat(output).containsOnlyOnce("Waiting for the database: refused").doesNotContain("advice");
        assertThat(output).containsOnlyOnce("The wait for the database is over");
    }

    @Test
    void whatPassesAtOnceIsNotLogged(CapturedOutput output) {
        Wait.until(Instant.MAX, "database", failing());
        assertThat(output).doesNotContain("database");
    }

    @Test
    void aRefusalEndsTheWait() {
        assertThatThrownBy(() -> Wait.until(Instant.MAX, "currency", failing(new StartupRefused("no"))))
                .isInstanceOf(StartupRefused.class);
    }

    @Test
    void theDeadlineEndsTheWait() {
        assertThatThrownBy(() -> Wait.until(Instant.MIN, "database", failing(new IllegalStateException("down"))))
                .hasMessage("down");
    }
}
