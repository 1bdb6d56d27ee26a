package com.example.shop.chassis.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.Objects;

/** Observations that are traced, as in a program with an address for its traces. */
public final class TestTracing {

    public final ObservationRegistry observations = ObservationRegistry.create();
    private final Tracer tracer;

    public TestTracing() {
        io.opentelemetry.api.trace.Tracer spans =
                SdkTracerProvider.builder().build().get("test");
        ContextPropagators w3c = ContextPropagators.create(W3CTraceContextPropagator.getInstance());
        Propagator propagator = new OtelPropagator(w3c, spans);
        this.tracer = new OtelTracer(spans, new OtelCurrentTraceContext(), event -> {});
        observations
                .observationConfig()
                .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    /** Returns the traces that these observations record. */
    public Traces traces() {
        return new Traces(observations);
    }

    /** Does work in a new trace, and returns its id. */
    public String traced(Runnable work) {
        return Observation.createNotStarted("request", observations).observe(() -> {
            work.run();
            return traceId();
        });
    }

    /** Returns the id of the current trace. */
    public String traceId() {
        return Objects.requireNonNull(tracer.currentSpan()).context().traceId();
    }
}
