package com.example.shop.chassis.database;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MigrationsTest {

    private static final String URL = "jdbc:h2:mem:migrations;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
    private final DriverManagerDataSource source = new DriverManagerDataSource(URL);
    private final JdbcTemplate database = new JdbcTemplate(source);
    private final Migrations migrations =
            new Migrations(source, DatabaseAddress.parse(URL), List.of("sample"), Stream.empty());

    @BeforeEach
    void migrate() {
        migrations.run();
    }

    @Test
    void aFailedMigrationIsMissedAndRunsAgain() {
        database.execute("DROP TABLE sample.item");
        database.update("UPDATE sample.\"flyway_schema_history\" SET \"success\" = FALSE WHERE \"version\" = '1'");
        assertThatThrownBy(migrations::check).hasMessageContaining("has not yet applied");
        migrations.run();
        assertThatCode(migrations::check).doesNotThrowAnyException();
        assertThatCode(() -> database.execute("SELECT * FROM sample.item")).doesNotThrowAnyException();
    }
}
