package com.example.shop.chassis.messaging.bus;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.messaging.Event;

/** An event as the value of a message. The headers repeat what routers need. Publishers may add fields. */
@JsonIgnoreProperties(ignoreUnknown = true)
record Envelope(
        UUID id,
        String type,
        int version,
        OffsetDateTime time,
        String key,
        @Nullable String traceparent,
        JsonNode data) {

    // As strict as the API, whose settings it does not depend on: both stacks read and write the same messages.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    Envelope {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(data, "data");
    }

    /** Returns the message of an event. */
    static Message message(Event event, String topic) {
        Envelope envelope = new Envelope(
                event.id(),
                event.type(),
                event.version(),
                event.time().atOffset(ZoneOffset.UTC),
                event.key(),
                event.traceparent(),
                JSON.readTree(event.data()));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("id", event.id().toString());
        headers.put("type", event.type());
        headers.put("version", Integer.toString(event.version()));
        if (event.traceparent() != null) {
            headers.put("traceparent", event.traceparent());
        }
        return new Message(topic, event.key(), JSON.writeValueAsBytes(envelope), headers);
    }

    /** Returns the event in a message; throws an exception of Jackson if there is none. */
    static Event event(byte[] value) {
        Envelope envelope = JSON.readValue(value, Envelope.class);
        return new Event(
                envelope.id,
                envelope.type,
                envelope.version,
                envelope.time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime(),
                envelope.key,
                envelope.traceparent,
                envelope.data.toString());
    }
}
