package com.example.shop.notebook;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Notes are written, read, and private to their writers. */
class NotebookTest {

    private static final UUID ALICE = new UUID(7, 1);
    private static final UUID BOB = new UUID(7, 2);
    private static final UUID FIRST = new UUID(8, 1);
    private static final UUID SECOND = new UUID(8, 2);
    private NotebookService notes;

    @BeforeEach
    void open() {
        TestDatabase database = new TestDatabase("notebook");
        notes = new NotebookService(database.client, database.transactions);
    }

    @Test
    void aNoteCanBeWrittenAndRewritten() {
        assertThatThrownBy(() -> notes.read(ALICE, FIRST)).hasMessageContaining("does not exist");
        for (String text : new String[] {"milk", "milk", "bread"}) {
            notes.put(ALICE, new Note(FIRST, text));
            assertThat(notes.read(ALICE, FIRST)).isEqualTo(new Note(FIRST, text));
        }
    }

    @Test
    void notesArePrivateToTheirWriters() {
        notes.put(ALICE, new Note(FIRST, "mine"));
        assertThatThrownBy(() -> notes.read(BOB, FIRST)).hasMessageContaining("does not exist");
        notes.put(BOB, new Note(FIRST, "his"));
        assertThat(notes.read(ALICE, FIRST).text()).isEqualTo("mine");
    }

    @Test
    void writingANoteChangesNoOther() {
        notes.put(ALICE, new Note(FIRST, "milk"));
        notes.put(ALICE, new Note(SECOND, "bread"));
        assertThat(notes.read(ALICE, FIRST).text()).isEqualTo("milk");
    }
}
