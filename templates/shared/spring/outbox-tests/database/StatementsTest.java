package com.example.shop.chassis.database;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Statements run one after another, and say how many rows they have changed. */
class StatementsTest {

    private static final String ADD =
            "INSERT INTO notifications.inbox (consumer, event_id, handled_at) VALUES (?, ?, CURRENT_TIMESTAMP)";
    private static final String RENAME = "UPDATE notifications.inbox SET consumer = ? WHERE consumer = ?";
    private final TestDatabase database = new TestDatabase("notifications");

    private static Statements adding(String consumer, int rows) {
        Statements statements = new Statements();
        for (int row = 0; row < rows; row++) {
            statements.add(ADD, consumer, new UUID(0, row));
        }
        return statements;
    }

    @Test
    void eachOfThemSeesWhatTheOnesBeforeHaveChanged() {
        int[] changed = adding("a", 20)
                .add(RENAME, "b", "a")
                .add(RENAME, "c", "a")
                .add(RENAME, "c", "b")
                .run(database.template);
        assertThat(changed).hasSize(23).endsWith(20, 0, 20);
    }

    @Test
    void aFailureIsThatOfTheStatement() {
        Statements twice = adding("a", 1).add(RENAME, "b", "c").add(ADD, "a", new UUID(0, 0));
        assertThatThrownBy(() -> twice.run(database.template)).isInstanceOf(DuplicateKeyException.class);
    }
}
