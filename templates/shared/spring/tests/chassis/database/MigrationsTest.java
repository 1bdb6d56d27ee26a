package com.example.shop.chassis.database;

import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
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

    /** A migration of a later version. */
    private static final class R__Later extends BaseJavaMigration {

        @Override
        public Integer getChecksum() {
            return 1;
        }

        @Override
        public void migrate(Context context) {}
    }

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

    @Test
    void aDatabaseThatIsAheadIsAccepted() {
        migrations(Stream.of(new R__Later())).run();
        Migrations older = migrations(Stream.empty());
        assertThatCode(older::check).doesNotThrowAnyException();
        assertThatCode(older::run).doesNotThrowAnyException();
    }

    /** Migrations of a context with the name of this package. */
    private Migrations migrations(Stream<JavaMigration> inJava) {
        return new Migrations(source, DatabaseAddress.parse(URL), List.of("database"), inJava);
    }
}
