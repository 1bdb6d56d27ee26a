package com.example.shop.chassis.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Spans of statements, calls and events, which continue the trace of the request that causes them (W3C Trace Context). */
public class Traces {

    /** The header with the context of a trace. */
    public static final String TRACEPARENT = "traceparent";

    /** Traces nothing. */
    public static final Traces NONE = new Traces(ObservationRegistry.NOOP);

    /** The kind of observations of statements. */
    public static final String STATEMENT = "trace.statement";

    private static final String TOPIC = "messaging.destination.name";
    private final ObservationRegistry observations;

    /** Records spans as observations. */
    public Traces(ObservationRegistry observations) {
        this.observations = observations;
    }

    /** Returns what later work needs to continue the current trace; null if nothing is traced. */
    public @Nullable String traceparent(String name) {
        Map<String, String> headers = new HashMap<>();
        SenderContext<Map<String, String>> context = new SenderContext<>(
                (carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value), Kind.PRODUCER);
        context.setCarrier(headers);
        span("trace.send", name, context).observe(() -> {});
        return headers.get(TRACEPARENT);
    }

    /** Handles an event of a topic, which continues the trace of what caused it. */
    public void delivering(String type, @Nullable String traceparent, String topic, Runnable handling) {
        continued("deliver " + type, traceparent)
                .lowCardinalityKeyValue(TOPIC, topic)
                .observe(handling);
    }

    /** Does work that continues an earlier trace. */
    public void continuing(String name, @Nullable String traceparent, Runnable work) {
        continued(name, traceparent).observe(work);
    }

    /** Calls another service with headers that continue the current trace there. */
    public <T> T calling(String service, String method, BiConsumer<String, String> headers, Supplier<T> call) {
        SenderContext<BiConsumer<String, String>> context = new SenderContext<>(
                (carrier, key, value) -> Objects.requireNonNull(carrier).accept(key, value), Kind.CLIENT);
        context.setCarrier(headers);
        return span("trace.call", "call " + service + ' ' + method, context).observe(call);
    }

    /** Runs a statement of the database, which has a span if it belongs to a trace. */
    public <T extends @Nullable Object> T statement(String text, Supplier<T> run) {
        if (observations.getCurrentObservation() == null) {
            // Background work polls: each of its statements would be a separate trace.
            return run.get();
        }
        SenderContext<String> context = new SenderContext<>((carrier, key, value) -> {}, Kind.CLIENT);
        context.setCarrier(text);
        Observation span = span(STATEMENT, firstWord(text), context)
                .highCardinalityKeyValue("db.query.text", text)
                .start();
        try {
            return run.get();
        } catch (RuntimeException failure) {
            // Only its type: the message of a driver may have values of the statement.
            span.highCardinalityKeyValue("error.type", failure.getClass().getSimpleName());
            throw failure;
        } finally {
            span.stop();
        }
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    private Observation continued(String name, @Nullable String traceparent) {
        ReceiverContext<Map<String, String>> context =
                new ReceiverContext<>((carrier, key) -> carrier.get(key), Kind.CONSUMER);
        context.setCarrier(traceparent == null ? Map.of() : Map.of(TRACEPARENT, traceparent));
        return span("trace.continue", name, context);
    }

    private Observation span(String kind, String name, Observation.Context context) {
        return Observation.createNotStarted(kind, () -> context, observations).contextualName(name);
    }
}
