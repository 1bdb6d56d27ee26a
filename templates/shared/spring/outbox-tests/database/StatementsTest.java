package com.example.shop.chassis.database;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Statements run one after another, and fail if one that must change a row changes none. */
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
        adding("a", 20)
                .add(RENAME, "b", "a")
                .add(RENAME, "c", "a")
                .add(RENAME, "d", "b")
                .run(database.template);
        assertThat(database.template.queryForList("SELECT DISTINCT consumer FROM notifications.inbox", String.class))
                .containsExactly("d");
    }

    @Test
    void oneThatMustChangeARowFailsIfItChangesNone() {
        Statements found = adding("a", 1).addGuarded(IllegalStateException::new, RENAME, "b", "a");
        found.run(database.template);
        Statements missing = adding("c", 20)
                .addGuarded(IllegalStateException::new, RENAME, "d", "b")
                .addGuarded(IllegalArgumentException::new, RENAME, "e", "a")
                .add(RENAME, "f", "d");
        assertThatThrownBy(() -> missing.run(database.template)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailureIsThatOfTheStatement() {
        Statements twice = adding("a", 1).add(RENAME, "b", "c").add(ADD, "a", new UUID(0, 0));
        assertThatThrownBy(() -> twice.run(database.template)).isInstanceOf(DuplicateKeyException.class);
    }
}
