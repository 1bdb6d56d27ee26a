package com.example.shop.chassis.messaging.bus;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A message of a topic: its place there, and when it was stored. */
record StoredMessage(String topic, long offset, String key, byte[] value, Map<String, String> headers, Instant time) {

    /** Returns the record of the client as a message. Other programs may have written it, so anything may be missing. */
    static StoredMessage of(ConsumerRecord<String, byte[]> found) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : found.headers()) {
            byte[] value = Objects.requireNonNullElse(header.value(), new byte[0]);
            headers.put(header.key(), new String(value, StandardCharsets.UTF_8));
        }
        return new StoredMessage(
                found.topic(),
                found.offset(),
                Objects.requireNonNullElse(found.key(), ""),
                Objects.requireNonNullElse(found.value(), new byte[0]),
                headers,
                Instant.ofEpochMilli(found.timestamp()));
    }
}
