package com.example.shop.chassis.telemetry;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.messaging.Outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

class OutboxGaugesTest {

    private static final Outbox.DeadLetter DEAD = new Outbox.DeadLetter(new UUID(0, 1), "OrderConfirmed");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Outbox outbox = mock();

    @Test
    void theGaugesSayHowManyEventsWaitAndForHowLong() {
        when(outbox.schema()).thenReturn("orders");
        when(outbox.backlog()).thenReturn(new Outbox.Backlog(3, Clock.now().minusSeconds(90), List.of(DEAD)));
        try (OutboxGauges gauges = new OutboxGauges(List.of(outbox), registry)) {
            gauges.refresh();
        }
        assertThat(value("outbox.waiting")).isEqualTo(3);
        assertThat(value("outbox.dead.letters")).isEqualTo(1);
        assertThat(value("outbox.oldest")).isBetween(90.0, 120.0);
    }

    @Test
    void aGaugeThatCannotBeReadHasNoValueInsteadOfAnOldOne() {
        when(outbox.schema()).thenReturn("orders");
        when(outbox.backlog())
                .thenReturn(new Outbox.Backlog(3, null, List.of()))
                .thenThrow(new DataAccessResourceFailureException("The database is down."));
        try (OutboxGauges gauges = new OutboxGauges(List.of(outbox), registry)) {
            gauges.refresh();
            gauges.refresh();
        }
        assertThat(registry.find("outbox.waiting").gauges()).isEmpty();
    }

    private double value(String name) {
        return registry.get(name).tag("outbox", "orders").gauge().value();
    }
}
