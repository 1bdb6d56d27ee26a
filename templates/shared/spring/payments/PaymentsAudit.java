package com.example.shop.payments;

import java.util.ArrayList;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

import com.example.shop.audit.AuditSnapshot;
import com.example.shop.audit.AuditSource;

/** What payments contribute to the audit. */
@Component
class PaymentsAudit implements AuditSource {

    private final JdbcTemplate database;

    PaymentsAudit(JdbcTemplate database) {
        this.database = database;
    }

    @Override
    public void addTo(AuditSnapshot snapshot) {
        database.query("SELECT COALESCE(SUM(amount), 0) FROM payments.ledger_entry", row -> {
            snapshot.ledgerTotal = row.getLong(1);
        });
        database.query("""
                SELECT wallet.user_id, wallet.balance, COALESCE(SUM(entry.amount), 0) FROM payments.wallet wallet
                LEFT JOIN payments.ledger_entry entry ON entry.account = wallet.user_id
                GROUP BY wallet.user_id, wallet.balance""", row -> {
            snapshot.wallets.put(
                    row.getObject(1, UUID.class), new AuditSnapshot.Wallet(row.getLong(2), row.getLong(3)));
        });
        database.query(
                """
                SELECT reference, account, kind, amount FROM payments.ledger_entry
                WHERE kind IN ('debit', 'refund') AND account <> ?""",
                row -> {
                    snapshot.payments
                            .computeIfAbsent(row.getObject(1, UUID.class), order -> new ArrayList<>())
                            .add(new AuditSnapshot.Payment(
                                    row.getObject(2, UUID.class), row.getString(3), Math.abs(row.getLong(4))));
                },
                Accounts.SALES);
    }
}
