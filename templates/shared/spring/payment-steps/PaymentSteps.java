package com.example.shop.payments;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Statements;
import com.example.shop.chassis.database.Transactions;

/**
 * The steps of payments in a saga: debit and refund, each in a transaction.
 *
 * <p>Steps are idempotent: a repeated step changes nothing and returns the same result, and a debit that arrives after
 * its refund is declined. A caller that does not know whether a step took effect therefore repeats it.
 */
@Service
public class PaymentSteps {

    private final JdbcTemplate database;
    private final JdbcClient client;
    private final Transactions transactions;
    private final Ledger ledger;

    PaymentSteps(JdbcTemplate database, Transactions transactions, Ledger ledger) {
        this.database = database;
        this.client = JdbcClient.create(database);
        this.transactions = transactions;
        this.ledger = ledger;
    }

    /** The amount to debit for an order, in minor units. */
    public record Debit(UUID userId, UUID orderId, long amount) {}

    /** Whether an order was debited, and whether the money was refunded. */
    public record Status(boolean debited, boolean refunded) {}

    /** Debits each order if the balance suffices; returns the orders that are paid. */
    public List<UUID> debit(List<Debit> debits) {
        return transactions.runUntilUnique(() -> {
            lockWallets(debits);
            List<UUID> paid = new ArrayList<>();
            for (Debit each : debits) {
                Set<Kind> steps = steps(each.userId, each.orderId);
                boolean debited = steps.isEmpty() ? debit(each) : steps.equals(Set.of(Kind.DEBIT));
                if (debited) {
                    paid.add(each.orderId);
                }
            }
            return paid;
        });
    }

    /** Debits a new order; false if the balance is too low. The other debits of the transaction stay. */
    private boolean debit(Debit each) {
        if (Accounts.OF_SHOP.contains(each.userId)) {
            return false;
        }
        int debited = database.update(Ledger.DEBIT, each.amount, each.userId, each.amount);
        // A free order needs no wallet: that of a user without any top-up does not exist.
        if (debited == 0 && each.amount > 0) {
            return false;
        }
        ledger.move(Kind.DEBIT, each.orderId, each.amount, each.userId, Accounts.SALES);
        return true;
    }

    /** Refunds the order's debit; if nothing was debited yet, declines any later debit. */
    public void refund(UUID userId, UUID orderId) {
        transactions.runUntilUnique(() -> {
            Set<Kind> steps = steps(userId, orderId);
            if (steps.isEmpty()) {
                enterVoid(userId, orderId);
            } else if (steps.equals(Set.of(Kind.DEBIT))) {
                ledger.refund(userId, orderId);
            }
            return orderId;
        });
    }

    /** The shop's side gets a debit of 0: of this and a concurrent real one, the unique key admits only one. */
    private void enterVoid(UUID userId, UUID orderId) {
        Statements statements = new Statements();
        Ledger.addEntry(statements, Kind.DEBIT, orderId, Accounts.SALES, 0);
        Ledger.addEntry(statements, Kind.VOID, orderId, userId, 0);
        statements.run(database);
    }

    /** Returns what has happened for the order so far. */
    public Status status(UUID userId, UUID orderId) {
        Set<Kind> steps = steps(userId, orderId);
        return new Status(steps.contains(Kind.DEBIT), steps.contains(Kind.REFUND));
    }

    /** Locks the wallets in the order of their keys, so that concurrent transactions do not deadlock. */
    private void lockWallets(List<Debit> debits) {
        Set<UUID> users = new TreeSet<>();
        debits.forEach(each -> users.add(each.userId));
        client.sql("SELECT user_id FROM payments.wallet WHERE user_id IN (:users) ORDER BY user_id FOR UPDATE")
                .param("users", users)
                .query(UUID.class)
                .list();
    }

    private Set<Kind> steps(UUID userId, UUID orderId) {
        Set<Kind> steps = EnumSet.noneOf(Kind.class);
        database.query(
                "SELECT kind FROM payments.ledger_entry WHERE reference = ? AND account = ?",
                row -> {
                    steps.add(Kind.of(row.getString(1)));
                },
                orderId,
                userId);
        return steps;
    }
}
