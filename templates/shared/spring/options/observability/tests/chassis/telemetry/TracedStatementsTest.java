package com.example.shop.chassis.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import com.example.shop.chassis.tracing.TestTracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Each statement of a trace has a span with its text, and no span has a value. */
class TracedStatementsTest {

    private static final String ADD = "INSERT INTO note (id) VALUES (?)";
    private static final String READ = "SELECT id FROM note WHERE id = ?";
    private static final String SECRET = "secret";
    private final TestTracing tracing = new TestTracing();
    private final JdbcTemplate database = new TracedStatements(
            new JdbcTemplate(new DriverManagerDataSource("jdbc:h2:mem:statements;DB_CLOSE_DELAY=-1")),
            tracing.traces());
    private final JdbcClient client = JdbcClient.create(database);

    @BeforeEach
    void create() {
        database.execute("DROP ALL OBJECTS");
        database.execute("CREATE TABLE note (id varchar(10) PRIMARY KEY)");
    }

    private List<String> texts() {
        return tracing.spans.stream()
                .map(span -> span.getAttributes().get(AttributeKey.stringKey("db.query.text")))
                .toList();
    }

    @Test
    void everyWayToRunAStatementHasASpan() {
        String traceId = tracing.traced(() -> {
            client.sql(ADD).param(SECRET).update();
            client.sql("SELECT id FROM note WHERE id IN (:ids)")
                    .param("ids", List.of(SECRET, "b"))
                    .query(String.class)
                    .list();
            database.batchUpdate(ADD, List.of(new Object[] {"b"}, new Object[] {"c"}));
            database.queryForObject("SELECT COUNT(*) FROM note", Long.class);
            database.update("DELETE FROM note");
        });
        assertThat(texts())
                .containsExactly(
                        ADD,
                        "SELECT id FROM note WHERE id IN (?, ?)",
                        ADD,
                        "SELECT COUNT(*) FROM note",
                        "DELETE FROM note",
                        null);
        assertThat(tracing.spans).extracting(SpanData::getTraceId).containsOnly(traceId);
        assertThat(tracing.spans).extracting(SpanData::getName).startsWith("INSERT", "SELECT", "INSERT", "SELECT");
        assertThat(tracing.spans.getFirst().getKind()).isEqualTo(SpanKind.CLIENT);
    }

    @Test
    void aStatementThatFailsShowsNoValue() {
        client.sql(ADD).param(SECRET).update();
        tracing.traced(
                () -> assertThatThrownBy(() -> client.sql(ADD).param(SECRET).update())
                        .isInstanceOf(DuplicateKeyException.class)
                        .hasMessageContaining(SECRET));
        SpanData failed = tracing.spans.getFirst();
        Attributes attributes = failed.getAttributes();
        assertThat(attributes.get(AttributeKey.stringKey("error.type"))).isEqualTo("DuplicateKeyException");
        assertThat(failed.toString()).doesNotContain(SECRET);
    }

    @Test
    void aStatementOutsideOfATraceBeginsNone() {
        assertThat(client.sql(READ).param(SECRET).query(String.class).list()).isEmpty();
        assertThat(tracing.spans).isEmpty();
    }
}
