package com.example.shop.payments;

import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;

/** The double-entry ledger: debits and refunds for orders, each in the caller's transaction. */
@Service
public class Ledger {

    /** Enters one side of a movement. */
    static final String ENTER = """
            INSERT INTO payments.ledger_entry (id, reference, kind, account, amount, created_at)
            VALUES (?, ?, ?, ?, ?, ?)""";

    private final JdbcTemplate database;

    Ledger(JdbcTemplate database) {
        this.database = database;
    }

    /** Debits the amount (minor units) from the user's wallet; false if the balance is too low. */
    public boolean debit(UUID userId, UUID orderId, long amount) {
        if (Accounts.OF_SHOP.contains(userId)) {
            return false;
        }
        int debited = database.update(
                "UPDATE payments.wallet SET balance = balance - ? WHERE user_id = ? AND balance >= ?",
                amount,
                userId,
                amount);
        // A free order needs no wallet: that of a user without any top-up does not exist.
        if (debited == 0 && amount > 0) {
            return false;
        }
        move(Kind.DEBIT, orderId, amount, userId, Accounts.SALES);
        return true;
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
        LocalDateTime now = Clock.now();
        database.batchUpdate(
                ENTER, List.of(new Object[] {Ids.next(), reference, kind.code(), source, -amount, now}, new Object[] {
                    Ids.next(), reference, kind.code(), target, amount, now
                }));
    }
}
