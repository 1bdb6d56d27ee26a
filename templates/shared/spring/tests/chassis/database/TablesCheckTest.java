package com.example.shop.chassis.database;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TablesCheckTest {

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
    private final DriverManagerDataSource source = new DriverManagerDataSource(url);
    private final JdbcTemplate database = new JdbcTemplate(source);

    private TablesCheck check(String... contexts) {
        return new TablesCheck(
                database, new Migrations(source, DatabaseAddress.parse(url), List.of(contexts), Stream.empty()));
    }

    private void create(String... tables) {
        database.execute("CREATE SCHEMA IF NOT EXISTS sample");
        for (String table : tables) {
            database.execute("CREATE TABLE sample." + table + " (id bigint PRIMARY KEY)");
        }
    }

    @Test
    void aTableThatMovesIsMissed() {
        create("moved_item", "changed_item", "arriving_part", "copied_part");
        assertThatThrownBy(check("sample")::run)
                .hasMessage("these tables move to or from another database: sample.arriving_part, sample.moved_item");
    }

    @Test
    void aTableWithSuchANameIsNotOnTheMove() {
        create("moved_item", "item", "changed_item", "arriving_part");
        assertThatCode(check("sample", "none")::run).doesNotThrowAnyException();
    }

    @Test
    void thoseOfOtherContextsAreOfNoConcern() {
        create("moved_item", "changed_item");
        assertThatCode(check("other")::run).doesNotThrowAnyException();
        assertThatCode(check()::run).doesNotThrowAnyException();
    }
}
