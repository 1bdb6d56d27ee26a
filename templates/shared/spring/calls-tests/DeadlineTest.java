package com.example.shop.chassis.calls;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A deadline limits what a thread does, and only an earlier one replaces it. */
class DeadlineTest {

    @Test
    void anEarlierDeadlineStaysInForce() {
        try (Deadline outer = Deadline.within(Duration.ofMinutes(1))) {
            try (Deadline later = Deadline.within(Duration.ofMinutes(5))) {
                assertThat(Deadline.remaining()).isLessThanOrEqualTo(Duration.ofMinutes(1));
            }
            try (Deadline earlier = Deadline.within(Duration.ofSeconds(5))) {
                assertThat(Deadline.remaining()).isLessThanOrEqualTo(Duration.ofSeconds(5));
            }
            assertThat(Deadline.remaining()).isGreaterThan(Duration.ofSeconds(5));
        }
        assertThat(Deadline.remaining()).isGreaterThan(Duration.ofMinutes(1));
    }
}
