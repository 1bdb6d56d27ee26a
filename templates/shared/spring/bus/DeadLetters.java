package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Dead letters: events that a group failed to handle, in topics named {@code <topic>.<group>.dlq}.
 *
 * <p>Messages of a topic stay in it. A replay therefore publishes the event to the first retry topic of the group, and
 * then appends a marker to the topic of the dead letters.
 */
class DeadLetters {

    // Header of a marker: the offset, in the same topic, of the dead letter that was replayed.
    private static final String REPLAYED = "replayed";
    private static final String SUFFIX = ".dlq";
    private static final Duration POLL = Duration.ofSeconds(1);
    private final BusSettings settings;
    private final BusConnection connection;
    private final Publisher publisher;

    DeadLetters(BusSettings settings, Publisher publisher) {
        this.settings = settings;
        this.connection = new BusConnection(settings);
        this.publisher = publisher;
    }

    /** Returns the dead letters that were not replayed, by id, oldest first. */
    Map<String, StoredMessage> read() {
        try (Reader<StoredMessage> reader = new Reader<>(settings.groups().keySet(), Function.identity())) {
            Map<String, StoredMessage> sorted = new LinkedHashMap<>();
            reader.read().entrySet().stream()
                    .sorted(Comparator.comparing(each -> each.getValue().time()))
                    .forEach(each -> sorted.put(each.getKey(), each.getValue()));
            return sorted;
        }
    }

    /** Returns a reader that keeps only the times of the dead letters of these groups: there may be many. */
    Reader<Instant> times(Collection<String> groups) {
        return new Reader<>(groups, StoredMessage::time);
    }

    /** Returns whether it is the id of a dead letter of the group. */
    static boolean isOf(String group, String id) {
        return id.contains('.' + group + SUFFIX + ':');
    }

    /** Keeps something of each dead letter that it has read, so that it reads each only once. */
    class Reader<T> implements AutoCloseable {

        private final Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(connection.reading(), new StringDeserializer(), new ByteArrayDeserializer());
        private final List<TopicPartition> partitions;
        private final Function<StoredMessage, T> kept;
        private final Map<String, T> found = new TreeMap<>();

        private Reader(Collection<String> groups, Function<StoredMessage, T> kept) {
            this.kept = kept;
            partitions = groups.stream()
                    .flatMap(group -> settings.path(group).deadLetterTopics().stream())
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** Returns what it keeps of the dead letters that were not replayed, by id. */
        Map<String, T> read() {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> each : consumer.poll(POLL)) {
                    add(StoredMessage.of(each));
                }
            }
            return found;
        }

        private void add(StoredMessage message) {
            String replayed = message.headers().get(REPLAYED);
            if (replayed == null) {
                found.put(message.topic() + ':' + message.offset(), kept.apply(message));
            } else {
                found.remove(message.topic() + ':' + replayed);
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    /** Publishes the event to the first retry topic of its group, due immediately, with all attempts restored. */
    void replay(StoredMessage dead) {
        Map<String, String> headers = new LinkedHashMap<>(dead.headers());
        headers.put(RetryPath.DUE, Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
        headers.put(RetryPath.FAILURES, "0");
        headers.remove(RetryPath.ERROR);
        String path = dead.topic().substring(0, dead.topic().length() - SUFFIX.length());
        // Publish before marking: replaying a dead letter twice is harmless, losing it is not.
        publisher.publish(new Message(path + ".retry-1", dead.key(), dead.value(), headers));
        publisher.publish(
                new Message(dead.topic(), dead.key(), new byte[0], Map.of(REPLAYED, Long.toString(dead.offset()))));
    }
}
