package com.example.shop.payments;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** Each step of a payment takes effect once, in whichever order its repetitions arrive. */
class PaymentStepsTest {

    private final TestDatabase database = new TestDatabase("payments");
    private final PaymentSteps steps =
            new PaymentSteps(database.template, database.transactions, new Ledger(database.template));
    private final UUID user = Ids.next();
    private final UUID order = Ids.next();

    @BeforeEach
    void openWallet() {
        database.template.update("INSERT INTO payments.wallet (user_id, balance) VALUES (?, 100)", user);
    }

    private boolean debit(long amount) {
        return steps.debit(List.of(new PaymentSteps.Debit(user, order, amount))).contains(order);
    }

    private long balance() {
        return database.client
                .sql("SELECT balance FROM payments.wallet WHERE user_id = ?")
                .param(user)
                .query(Long.class)
                .single();
    }

    @Test
    void aDebitIsTakenOnce() {
        assertThat(debit(60)).isTrue();
        assertThat(debit(60)).isTrue();
        assertThat(balance()).isEqualTo(40);
        assertThat(steps.status(user, order)).isEqualTo(new PaymentSteps.Status(true, false));
    }

    @Test
    void aDebitBeyondTheBalanceIsDeclined() {
        assertThat(debit(101)).isFalse();
        assertThat(balance()).isEqualTo(100);
        assertThat(steps.status(user, order)).isEqualTo(new PaymentSteps.Status(false, false));
    }

    @Test
    void aRefundReturnsTheMoneyOnceAndBlocksTheDebit() {
        debit(60);
        steps.refund(user, order);
        steps.refund(user, order);
        assertThat(debit(60)).isFalse();
        assertThat(balance()).isEqualTo(100);
        assertThat(steps.status(user, order)).isEqualTo(new PaymentSteps.Status(true, true));
    }

    @Test
    void aDebitAfterItsRefundIsDeclined() {
        steps.refund(user, order);
        assertThat(debit(60)).isFalse();
        assertThat(balance()).isEqualTo(100);
        assertThat(steps.status(user, order)).isEqualTo(new PaymentSteps.Status(false, false));
    }

    @Test
    void aFreeOrderNeedsNoWallet() {
        UUID other = Ids.next();
        assertThat(steps.debit(List.of(new PaymentSteps.Debit(other, order, 0))))
                .containsExactly(order);
    }
}
