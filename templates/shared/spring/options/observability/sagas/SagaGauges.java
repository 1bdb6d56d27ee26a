package com.example.shop.sagas;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.telemetry.ScrapedGauges;

/** The gauge of open sagas, by whether they are within their deadline. */
@Component
class SagaGauges extends ScrapedGauges<Long> {

    private final JdbcClient database;
    private final MultiGauge open;

    SagaGauges(JdbcClient database, MeterRegistry registry) {
        super("the sagas");
        this.database = database;
        this.open = MultiGauge.builder("saga.open")
                .description("Open sagas, within or past their deadline.")
                .register(registry);
    }

    @Override
    protected Map<String, Long> read() {
        return database.sql("SELECT COUNT(*), COUNT(CASE WHEN deadline < ? THEN 1 END) FROM sagas.saga")
                .param(Clock.now())
                .query((row, number) -> Map.of("in_time", row.getLong(1) - row.getLong(2), "overdue", row.getLong(2)))
                .single();
    }

    @Override
    protected void show(Map<String, Long> counts) {
        open.register(
                counts.entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                                each -> MultiGauge.Row.of(Tags.of("state", each.getKey()), each.getValue()))
                        .toList(),
                true);
    }
}
