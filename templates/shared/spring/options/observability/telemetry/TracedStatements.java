package com.example.shop.chassis.telemetry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.SqlProvider;

import com.example.shop.chassis.tracing.Traces;

/** Runs statements as the template of Spring Boot does; each has a span with its text, but no values. */
class TracedStatements extends JdbcTemplate {

    private final Traces traces;

    TracedStatements(JdbcTemplate template, Traces traces) {
        super(Objects.requireNonNull(template.getDataSource()));
        setQueryTimeout(template.getQueryTimeout());
        setExceptionTranslator(template.getExceptionTranslator());
        this.traces = traces;
    }

    @Override
    public <T extends @Nullable Object> T query(
            PreparedStatementCreator creator,
            @Nullable PreparedStatementSetter setter,
            ResultSetExtractor<T> extractor) {
        return traces.statement(text(creator), () -> super.query(creator, setter, extractor));
    }

    @Override
    public <T extends @Nullable Object> T query(String text, ResultSetExtractor<T> extractor) {
        return traces.statement(text, () -> super.query(text, extractor));
    }

    @Override
    protected int update(PreparedStatementCreator creator, @Nullable PreparedStatementSetter setter) {
        return traces.statement(text(creator), () -> super.update(creator, setter));
    }

    @Override
    public int update(String text) {
        return traces.statement(text, () -> super.update(text));
    }

    @Override
    public <T extends @Nullable Object> T execute(String text, PreparedStatementCallback<T> action) {
        return traces.statement(text, () -> super.execute(text, action));
    }

    private static String text(PreparedStatementCreator creator) {
        return creator instanceof SqlProvider known ? Objects.requireNonNullElse(known.getSql(), "") : "";
    }
}
