package com.example.shop.chassis.database;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TransactionsTest {

    private final DriverManagerDataSource source =
            new DriverManagerDataSource("jdbc:h2:mem:transactions;DB_CLOSE_DELAY=-1");
    private final JdbcTemplate database = new JdbcTemplate(source);
    private final Transactions transactions = new Transactions(new JdbcTransactionManager(source), 10);
    private final AtomicInteger attempts = new AtomicInteger();

    @BeforeEach
    void add() {
        database.execute("DROP TABLE IF EXISTS item");
        database.execute("CREATE TABLE item (id integer PRIMARY KEY)");
        insert();
    }

    private int insert() {
        return database.update("INSERT INTO item (id) VALUES (1)");
    }

    @Test
    void aTakenKeyMayBecomeFree() {
        transactions.runUntilUnique(() -> {
            if (attempts.incrementAndGet() == 4) {
                database.update("DELETE FROM item");
            }
            return insert();
        });
        assertThat(attempts).hasValue(4);
    }

    @Test
    void aKeyThatStaysTakenIsAFailure() {
        assertThatThrownBy(() -> transactions.runUntilUnique(() -> {
                    attempts.incrementAndGet();
                    return insert();
                }))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(attempts).hasValueGreaterThan(2);
    }
}
