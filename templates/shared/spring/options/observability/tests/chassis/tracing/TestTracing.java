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
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Observations that are traced, as in a program with an address for its traces. */
public final class TestTracing {

    public final ObservationRegistry observations = ObservationRegistry.create();
    public final List<SpanData> spans = Collections.synchronizedList(new ArrayList<>());
    private final Tracer tracer;

    public TestTracing() {
        io.opentelemetry.api.trace.Tracer sdk = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Exporter()))
                .build()
                .get("test");
        ContextPropagators w3c = ContextPropagators.create(W3CTraceContextPropagator.getInstance());
        Propagator propagator = new OtelPropagator(w3c, sdk);
        this.tracer = new OtelTracer(sdk, new OtelCurrentTraceContext(), event -> {});
        observations
                .observationConfig()
                .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    private final class Exporter implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
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
