package com.example.shop.chassis.messaging.bus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/** Publishes messages; each is stored by all in-sync replicas when the call returns. */
class Publisher implements DisposableBean {

    private final BusConnection connection;
    private @Nullable Producer<String, byte[]> producer;

    Publisher(BusSettings settings) {
        this.connection = new BusConnection(settings);
    }

    /** Publishes the message; throws {@link BusUnavailable} or {@link MessageRefused}. */
    void publish(Message message) {
        RuntimeException failure = publishAll(List.of(message)).getFirst();
        if (failure != null) {
            throw failure;
        }
    }

    /** Publishes the messages; returns {@link MessageRefused} or null for each. Throws {@link BusUnavailable}. */
    List<@Nullable RuntimeException> publishAll(List<Message> messages) {
        List<Future<RecordMetadata>> sent;
        try {
            Producer<String, byte[]> open = open();
            sent = messages.stream().map(message -> open.send(record(message))).toList();
        } catch (KafkaException fatal) {
            reopen();
            throw new BusUnavailable(fatal);
        }
        return sent.stream().map(this::failure).toList();
    }

    private @Nullable RuntimeException failure(Future<RecordMetadata> sent) {
        try {
            sent.get();
            return null;
        } catch (ExecutionException failure) {
            Throwable cause = Objects.requireNonNull(failure.getCause());
            if (cause instanceof RecordTooLargeException
                    || cause instanceof RecordBatchTooLargeException
                    || cause instanceof InvalidRecordException) {
                return new MessageRefused(cause);
            }
            throw new BusUnavailable(cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BusUnavailable(interrupted);
        }
    }

    private static ProducerRecord<String, byte[]> record(Message message) {
        ProducerRecord<String, byte[]> sent = new ProducerRecord<>(message.topic(), message.key(), message.value());
        message.headers().forEach((name, value) -> sent.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return sent;
    }

    private synchronized Producer<String, byte[]> open() {
        Producer<String, byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(connection.producing(), new StringSerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    /** Closes the producer: one with a fatal error never publishes again. */
    private void reopen() {
        destroy();
    }

    @Override
    public synchronized void destroy() {
        if (producer != null) {
            producer.close();
            producer = null;
        }
    }
}
