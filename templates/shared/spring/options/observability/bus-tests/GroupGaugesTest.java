package com.example.shop.chassis.messaging.bus;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

class GroupGaugesTest {

    private static final String GROUP = "inventory";
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Bus bus = mock();
    private final BusAdministration administration = mock();
    private final DeadLetters deadLetters = mock();

    @Test
    void theGaugesSayHowFarAGroupIsBehindAndHowLongItsDeadLettersWait() {
        DeadLetters.Reader<Instant> reader = mock();
        when(bus.joined()).thenReturn(Set.of(GROUP));
        when(administration.lags(Set.of(GROUP))).thenReturn(Map.of(GROUP, 4L));
        when(deadLetters.times(Set.of(GROUP))).thenReturn(reader);
        when(reader.read()).thenReturn(Map.of(id(GROUP, 1), ago(90), id(GROUP, 2), ago(5), id("cart", 3), ago(900)));
        try (GroupGauges gauges = new GroupGauges(bus, administration, deadLetters, registry)) {
            gauges.show(gauges.read());
        }
        assertThat(value("bus.lag")).isEqualTo(4);
        assertThat(value("bus.dead.letters")).isEqualTo(2);
        assertThat(value("bus.dead.letter.age")).isBetween(90.0, 120.0);
    }

    @Test
    void aProcessThatHandlesNoEventsAsksNothingOfTheBroker() {
        when(bus.joined()).thenReturn(Set.of());
        try (GroupGauges gauges = new GroupGauges(bus, administration, deadLetters, registry)) {
            gauges.show(gauges.read());
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void outcomesAreCounted() {
        EventMetrics metrics = new EventMetrics(registry);
        metrics.count(EventOutcome.FAILED);
        metrics.count(EventOutcome.FAILED);
        assertThat(registry.get("bus.events").tag("outcome", "failed").gauge().value())
                .isEqualTo(2);
        assertThat(registry.get("bus.events").tag("outcome", "dead").gauge().value())
                .isZero();
    }

    private double value(String name) {
        return registry.get(name).tag("group", GROUP).gauge().value();
    }

    private static String id(String group, long offset) {
        return "orders.v1." + group + ".dlq:" + offset;
    }

    private static Instant ago(long seconds) {
        return Instant.now().minusSeconds(seconds);
    }
}
