package com.example.shop.payments;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;

/** The wallets of all users, in the shop's one currency. */
@Service
class Wallets {

    private final JdbcClient database;
    private final Transactions transactions;
    private final Ledger ledger;
    private final RegisteredUsers users;
    private final String currency;

    Wallets(
            JdbcClient database,
            Transactions transactions,
            Ledger ledger,
            RegisteredUsers users,
            ShopSettings settings) {
        this.database = database;
        this.transactions = transactions;
        this.ledger = ledger;
        this.users = users;
        this.currency = settings.currency();
    }

    /** Returns the wallet; a new user's wallet is empty. */
    Wallet read(UUID userId) {
        return new Wallet(money(balance(userId)));
    }

    /** Returns the user's debits and refunds for an order, oldest first. */
    List<Payment> payments(UUID userId, UUID orderId) {
        return database.sql("""
                        SELECT id, kind, amount, created_at FROM payments.ledger_entry
                        WHERE reference = ? AND account = ? AND kind IN ('debit', 'refund') ORDER BY id""")
                .params(orderId, userId)
                .query((row, number) -> new Payment(
                        row.getObject(1, UUID.class),
                        orderId,
                        Kind.of(row.getString(2)),
                        money(Math.abs(row.getLong(3))),
                        row.getObject(4, LocalDateTime.class)))
                .list();
    }

    /** Adds the amount (minor units) to the user's wallet, once for each key of an administrator. */
    TopUp topUp(UUID adminId, String key, UUID userId, long amount) {
        if (Accounts.OF_SHOP.contains(userId) || !users.exists(userId)) {
            throw Problem.notFound("There is no user " + userId + '.');
        }
        // A concurrent request may use the key, or open the wallet, first.
        return transactions.runUntilUnique(() -> find(adminId, key)
                .map(found -> repeated(found, userId, amount))
                .orElseGet(() -> {
                    TopUp made = new TopUp(Ids.next(), userId, money(amount), money(added(userId, amount)));
                    ledger.move(Kind.TOP_UP, made.id(), amount, Accounts.FUNDING, userId);
                    store(made, adminId, key);
                    return made;
                }));
    }

    private Optional<TopUp> find(UUID adminId, String key) {
        return database.sql(
                        "SELECT id, user_id, amount, balance FROM payments.top_up WHERE admin_id = ? AND \"key\" = ?")
                .params(adminId, key)
                .query((row, number) -> new TopUp(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        money(row.getLong(3)),
                        money(row.getLong(4))))
                .optional();
    }

    private void store(TopUp made, UUID adminId, String key) {
        database.sql("""
                        INSERT INTO payments.top_up (id, admin_id, "key", user_id, amount, balance)
                        VALUES (?, ?, ?, ?, ?, ?)""")
                .params(
                        made.id(),
                        adminId,
                        key,
                        made.userId(),
                        made.amount().amount(),
                        made.balance().amount())
                .update();
    }

    /** Adds the amount to the balance, and returns that. */
    private long added(UUID userId, long amount) {
        if (ledger.credit(userId, amount) == 0) {
            database.sql("INSERT INTO payments.wallet (user_id, balance) VALUES (?, ?)")
                    .params(userId, amount)
                    .update();
        }
        return balance(userId);
    }

    private long balance(UUID userId) {
        return database.sql("SELECT balance FROM payments.wallet WHERE user_id = ?")
                .param(userId)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    private static TopUp repeated(TopUp found, UUID userId, long amount) {
        if (!found.userId().equals(userId) || found.amount().amount() != amount) {
            throw Problem.invalid("idempotency-key-reused", "This key was already used for another top-up.");
        }
        return found;
    }

    private Money money(long amount) {
        return new Money(amount, currency);
    }
}
