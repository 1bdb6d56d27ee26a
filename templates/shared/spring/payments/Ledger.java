package com.example.shop.payments;

import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.Statements;

/** The double-entry ledger: debits and refunds for orders, each in the caller's transaction. */
@Service
public class Ledger {

    /** Takes an amount from a wallet that has it. */
    static final String DEBIT = "UPDATE payments.wallet SET balance = balance - ? WHERE user_id = ? AND balance >= ?";

    private final JdbcTemplate database;

    Ledger(JdbcTemplate database) {
        this.database = database;
    }

    /** Adds the statements that debit the amount (minor units) from a wallet, and fail if the balance is too low. */
    public void debit(
            Statements statements,
            UUID userId,
            UUID orderId,
            long amount,
            Supplier<? extends RuntimeException> failure) {
        if (Accounts.OF_SHOP.contains(userId)) {
            throw failure.get();
        }
        // A free order needs no wallet: that of a user without any top-up does not exist.
        if (amount > 0) {
            statements.addGuarded(failure, DEBIT, amount, userId, amount);
        }
        addMovement(statements, Kind.DEBIT, orderId, amount, userId, Accounts.SALES);
    }

    /** Refunds what was debited for the order. The caller has made sure that this happens once. */
    public void refund(UUID userId, UUID orderId) {
        Long debited = database.queryForObject(
                "SELECT -amount FROM payments.ledger_entry WHERE reference = ? AND account = ? AND kind = ?",
                Long.class,
                orderId,
                userId,
                Kind.DEBIT.code());
        long amount = debited == null ? 0 : debited;
        move(Kind.REFUND, orderId, amount, Accounts.SALES, userId);
        credit(userId, amount);
    }

    /** Adds the amount to the user's wallet; returns 0 if there is no wallet yet. */
    int credit(UUID userId, long amount) {
        return database.update("UPDATE payments.wallet SET balance = balance + ? WHERE user_id = ?", amount, userId);
    }

    /** Enters a movement: it debits one account and credits another. The unique key admits it once. */
    void move(Kind kind, UUID reference, long amount, UUID source, UUID target) {
        Statements statements = new Statements();
        addMovement(statements, kind, reference, amount, source, target);
        statements.run(database);
    }

    private static void addMovement(
            Statements statements, Kind kind, UUID reference, long amount, UUID source, UUID target) {
        addEntry(statements, kind, reference, source, -amount);
        addEntry(statements, kind, reference, target, amount);
    }

    /** Adds the statement that enters one side of a movement. */
    static void addEntry(Statements statements, Kind kind, UUID reference, UUID account, long amount) {
        statements.add("""
                INSERT INTO payments.ledger_entry (id, reference, kind, account, amount, created_at)
                VALUES (?, ?, ?, ?, ?, ?)""", Ids.next(), reference, kind.code(), account, amount, Clock.now());
    }
}
