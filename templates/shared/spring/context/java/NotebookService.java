package com.example.shop.notebook;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;

/** Notes of all users; each user has access only to their own. */
@Service
class NotebookService {

    private final JdbcClient database;
    private final Transactions transactions;

    NotebookService(JdbcClient database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** Returns the user's note; throws 404. */
    Note read(UUID userId, UUID id) {
        return database.sql("""
                        SELECT id, text FROM "notebook".note
                        WHERE user_id = ? AND id = ?""")
                .params(userId, id)
                .query((row, number) -> new Note(row.getObject(1, UUID.class), row.getString(2)))
                .optional()
                .orElseThrow(() -> Problem.notFound("The note does not exist."));
    }

    /** Creates or replaces the user's note. */
    void put(UUID userId, Note note) {
        // A concurrent request of the same user may insert it first.
        transactions.runUntilUnique(() -> {
            int changed =
                    database.sql("""
                            UPDATE "notebook".note SET text = ?
                            WHERE user_id = ? AND id = ?""").params(note.text(), userId, note.id()).update();
            return changed > 0 ? changed : add(userId, note);
        });
    }

    private int add(UUID userId, Note note) {
        return database.sql("""
                        INSERT INTO "notebook".note (user_id, id, text)
                        VALUES (?, ?, ?)""").params(userId, note.id(), note.text()).update();
    }
}
