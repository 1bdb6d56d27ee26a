package com.example.shop.content;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;
import com.example.shop.chassis.security.Caller;

/**
 * The staff: users who are authors or editors. Administrators are editors.
 *
 * <p>It belongs to this context, and not to the accounts: a role counts at once, and with any issuer of tokens.
 */
@Service
class Staff {

    private final JdbcClient database;
    private final Transactions transactions;

    Staff(JdbcClient database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** Returns all authors and editors. */
    List<Member> members() {
        return database.sql("SELECT user_id, role FROM content.staff_member ORDER BY user_id")
                .query((row, number) -> new Member(row.getObject(1, UUID.class), Role.of(row.getString(2))))
                .list();
    }

    /** Returns the caller as a member of the staff; throws 403 for everybody else. */
    Member member(Caller caller) {
        if (caller.roles().contains(Caller.ADMIN)) {
            return new Member(caller.id(), Role.EDITOR);
        }
        return database.sql("SELECT role FROM content.staff_member WHERE user_id = ?")
                .param(caller.id())
                .query(String.class)
                .optional()
                .map(role -> new Member(caller.id(), Role.of(role)))
                .orElseThrow(Problem::forbidden);
    }

    /** Adds a member, or changes the role of one. */
    void put(Member member) {
        // A concurrent request may add the member first.
        transactions.runUntilUnique(() -> {
            int changed = database.sql("UPDATE content.staff_member SET role = ? WHERE user_id = ?")
                    .params(member.role().code(), member.userId())
                    .update();
            return changed > 0
                    ? changed
                    : database.sql("INSERT INTO content.staff_member (user_id, role) VALUES (?, ?)")
                            .params(member.userId(), member.role().code())
                            .update();
        });
    }

    /** Removes a member, whose articles remain; throws 404. */
    void remove(UUID userId) {
        int removed = database.sql("DELETE FROM content.staff_member WHERE user_id = ?")
                .param(userId)
                .update();
        if (removed == 0) {
            throw Problem.notFound("There is no such author or editor.");
        }
    }
}
