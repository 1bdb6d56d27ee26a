package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The topics of a consumer group for failed events: {@code <topic>.<group>.retry-1} and so on, finally
 * {@code <topic>.<group>.dlq}.
 */
class RetryPath {

    static final String ORIGIN_TOPIC = "origin-topic";
    static final String ORIGIN_OFFSET = "origin-offset";
    static final String DUE = "due";
    static final String FAILURES = "failures";
    static final String ERROR = "error";
    // Some brokers limit headers.
    private static final int MAX_ERROR_LENGTH = 500;
    private static final int MAX_REFERENCE_LENGTH = 100;
    // Far longer than any event is retried.
    private static final Duration RETENTION = Duration.ofDays(14);

    private final String group;
    private final List<String> topics;
    private final List<Duration> delays;
    private final Map<String, Stage> stages = new LinkedHashMap<>();

    private record Stage(String topic, int number) {}

    RetryPath(String group, List<String> topics, List<Duration> delays) {
        this.group = group;
        this.topics = topics;
        this.delays = delays;
        for (String topic : topics) {
            stages.put(topic, new Stage(topic, 0));
            for (int stage = 1; stage <= delays.size(); stage++) {
                stages.put(retryTopic(topic, stage), new Stage(topic, stage));
            }
        }
    }

    /** Returns the topics that the group consumes, with the retry topics. */
    Set<String> subscribed() {
        return stages.keySet();
    }

    /** Returns the retry topics, and those of the dead letters, which are never deleted. */
    List<Topic> topics(int partitions) {
        List<Topic> created = new ArrayList<>();
        for (String topic : topics) {
            for (int stage = 1; stage <= delays.size(); stage++) {
                created.add(new Topic(retryTopic(topic, stage), partitions, RETENTION));
            }
            created.add(new Topic(deadLetterTopic(topic), 1, null));
        }
        return created;
    }

    /** Returns the names of the topics with dead letters. */
    List<String> deadLetterTopics() {
        return topics.stream().map(this::deadLetterTopic).toList();
    }

    private String retryTopic(String topic, int stage) {
        return topic + '.' + group + ".retry-" + stage;
    }

    private String deadLetterTopic(String topic) {
        return topic + '.' + group + ".dlq";
    }

    /** Returns the delivery that a consumed message stands for. */
    Delivery delivery(StoredMessage message) {
        Stage stage = Objects.requireNonNull(stages.get(message.topic()), message.topic());
        Map<String, String> headers = message.headers();
        if (stage.number > 0 && headers.keySet().containsAll(List.of(ORIGIN_OFFSET, DUE, FAILURES))) {
            try {
                Instant due =
                        OffsetDateTime.parse(headers.getOrDefault(DUE, "")).toInstant();
                // Later messages wait behind this one, so it never waits for longer than the topic's delay.
                Instant latest = message.time().plus(delays.get(stage.number - 1));
                return new Delivery(
                        message,
                        stage.number,
                        stage.topic,
                        Long.parseLong(headers.getOrDefault(ORIGIN_OFFSET, "")),
                        due.isBefore(latest) ? due : latest,
                        Integer.parseInt(headers.getOrDefault(FAILURES, "")));
            } catch (NumberFormatException | DateTimeParseException foreign) {
                // Another program wrote it. Handle it as an event; if it is not one, it becomes a dead letter.
                return original(message, stage);
            }
        }
        return original(message, stage);
    }

    private static Delivery original(StoredMessage message, Stage stage) {
        return new Delivery(message, stage.number, stage.topic, message.offset(), message.time(), 0);
    }

    /** Returns whether there is no further retry topic. */
    boolean isLast(Delivery delivery) {
        return delivery.stage() == delays.size();
    }

    /** Returns the message that retries a failed delivery in the next retry topic. */
    Message retry(Delivery delivery, RuntimeException failure) {
        Message message = retryBehind(delivery.failed());
        message.headers().put(ERROR, text(failure));
        return message;
    }

    /** Returns the message that parks the delivery behind an earlier one of its key. */
    Message retryBehind(Delivery delivery) {
        int stage = Math.min(delivery.stage() + 1, delays.size());
        Map<String, String> headers = headers(delivery);
        Instant due = Instant.now().plus(delays.get(stage - 1)).truncatedTo(ChronoUnit.MICROS);
        headers.put(DUE, due.toString());
        return copy(delivery, retryTopic(delivery.topic(), stage), headers);
    }

    /** Returns the delivery, which failed for the last time, as a dead letter. */
    Message deadLetter(Delivery delivery, RuntimeException failure) {
        Map<String, String> headers = headers(delivery.failed());
        headers.put(ERROR, text(failure));
        return copy(delivery, deadLetterTopic(delivery.topic()), headers);
    }

    /** Returns a dead letter that only says where the event was published, for one that is too large. */
    Message reference(Delivery delivery, RuntimeException failure) {
        Map<String, String> headers = new LinkedHashMap<>();
        putOrigin(headers, delivery.failed());
        headers.put(ERROR, text(failure));
        String key = shortened(delivery.message().key(), MAX_REFERENCE_LENGTH);
        return new Message(deadLetterTopic(delivery.topic()), key, new byte[0], headers);
    }

    private static Map<String, String> headers(Delivery delivery) {
        Map<String, String> headers = new LinkedHashMap<>(delivery.message().headers());
        putOrigin(headers, delivery);
        return headers;
    }

    private static void putOrigin(Map<String, String> headers, Delivery delivery) {
        headers.put(ORIGIN_TOPIC, delivery.topic());
        headers.put(ORIGIN_OFFSET, Long.toString(delivery.position()));
        headers.put(FAILURES, Integer.toString(delivery.failures()));
    }

    private static Message copy(Delivery delivery, String topic, Map<String, String> headers) {
        StoredMessage message = delivery.message();
        return new Message(topic, message.key(), message.value(), headers);
    }

    private static String text(RuntimeException failure) {
        // A list of dead letters has one line for each.
        String text = (failure.getClass().getSimpleName() + ": " + failure.getMessage()).replaceAll("\\s+", " ");
        return shortened(text, MAX_ERROR_LENGTH);
    }

    private static String shortened(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }
}
