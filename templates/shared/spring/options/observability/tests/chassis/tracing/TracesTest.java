package com.example.shop.chassis.tracing;

import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Later work continues the trace of what caused it. */
class TracesTest {

    private final TestTracing tracing = new TestTracing();
    private final Traces traces = tracing.traces();

    private String continued(String traceparent) {
        AtomicReference<String> traceId = new AtomicReference<>();
        traces.continuing("saga TRYING", traceparent, () -> traceId.set(tracing.traceId()));
        return traceId.get();
    }

    private Traces configured(String endpoint) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("observations", tracing.observations));
        return new TracesConfiguration().traces(beans.getBeanProvider(ObservationRegistry.class), endpoint);
    }

    @Test
    void laterWorkContinuesTheStoredTrace() {
        AtomicReference<String> stored = new AtomicReference<>();
        String traceId = tracing.traced(() -> stored.set(traces.traceparent("send OrderPlaced")));
        assertThat(continued(stored.get())).isEqualTo(traceId);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "malformed", "00-00000000000000000000000000000000-0000000000000000-01"})
    void workWithoutAStoredTraceBeginsOne(String traceparent) {
        assertThat(continued(traceparent)).matches("[0-9a-f]{32}").doesNotMatch("0+");
    }

    @Test
    void nothingIsTracedWithoutAnAddressForTheSpans() {
        tracing.traced(() -> {
            assertThat(configured("http://127.0.0.1:4318").traceparent("send OrderPlaced"))
                    .isNotNull();
            assertThat(configured("").traceparent("send OrderPlaced")).isNull();
        });
    }
}
