package com.example.shop.payments;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
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
                boolean debited = steps.isEmpty()
                        ? ledger.debit(each.userId, each.orderId, each.amount)
                        : steps.equals(Set.of(Kind.DEBIT));
                if (debited) {
                    paid.add(each.orderId);
                }
            }
            return paid;
        });
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
        LocalDateTime now = Clock.now();
        database.batchUpdate(
                Ledger.ENTER,
                List.of(
                        new Object[] {Ids.next(), orderId, Kind.DEBIT.code(), Accounts.SALES, 0, now},
                        new Object[] {Ids.next(), orderId, Kind.VOID.code(), userId, 0, now}));
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
