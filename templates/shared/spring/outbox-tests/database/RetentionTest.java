package com.example.shop.chassis.database;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.Ids;

import static org.assertj.core.api.Assertions.assertThat;

/** Rows are deleted once they have expired, in any number. */
class RetentionTest {

    private final TestDatabase database = new TestDatabase("notifications");

    private void receive(UUID event) {
        database.template.update(
                "INSERT INTO notifications.inbox (consumer, event_id, handled_at) VALUES ('test', ?, CURRENT_TIMESTAMP)",
                event);
    }

    @Test
    void oldRowsAreDeletedAndNewOnesStay() {
        Instant longAgo = Instant.now().minus(Duration.ofDays(31));
        UUID recent = Ids.next();
        for (int number = 0; number < 1500; number++) {
            receive(Ids.firstAt(longAgo.plusMillis(number)));
        }
        receive(recent);
        RetentionRule rule =
                RetentionRule.olderThan(30, "notifications.inbox", List.of("consumer", "event_id"), "event_id");
        new Retention(database.template, database.transactions, List.of(rule)).deleteExpired();
        assertThat(database.template.queryForList("SELECT event_id FROM notifications.inbox", UUID.class))
                .containsExactly(recent);
    }
}
