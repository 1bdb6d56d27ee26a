package com.example.shop.chassis;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Identifiers are UUIDs of version 7, and sort by the time at which they were made. */
class IdsTest {

    @Test
    void anIdLiesBetweenTheMomentsAroundIt() throws InterruptedException {
        Instant before = Instant.now();
        UUID id = Ids.next();
        Thread.sleep(2);
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id).isBetween(Ids.firstAt(before), Ids.firstAt(Instant.now()));
    }

    @Test
    void momentsBeyondAllIdsHaveIdsToo() {
        assertThat(Ids.firstAt(Instant.MIN)).isEqualTo(Ids.firstAt(Instant.EPOCH));
        assertThat(Ids.firstAt(Instant.MAX).version()).isEqualTo(7);
    }
}
