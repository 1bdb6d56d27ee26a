package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

import com.example.shop.chassis.BackgroundThread;

/**
 * A member of a consumer group: consumes its topics, and commits offsets after the transactions of the database.
 *
 * <p>Every event is handled at least once; with the inbox in the transaction of the handler, it takes effect exactly
 * once. After a failure of the database or the bus, the member joins the group again and starts at the offsets that it
 * has committed.
 */
class ConsumerGroup extends BackgroundThread {

    private static final Duration POLL = Duration.ofMillis(250);
    // Longer than the messages of one poll take.
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final RetryPath path;
    private final RecordProcessor processor;
    private final Map<String, Object> options;
    private final boolean active;
    private volatile @Nullable Consumer<String, byte[]> polling;

    ConsumerGroup(
            String group, RetryPath path, RecordProcessor processor, Map<String, Object> options, boolean active) {
        super(Thread.ofPlatform().name("group-" + group), GRACE);
        this.path = path;
        this.processor = processor;
        this.options = options;
        this.active = active;
    }

    @Override
    public void start() {
        if (active) {
            super.start();
        }
    }

    @Override
    protected void wake() {
        super.wake();
        Consumer<String, byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** Consumes until it is stopped, or something fails. */
    @Override
    protected void work() {
        Map<TopicPartition, Instant> delayed = new HashMap<>();
        try (Consumer<String, byte[]> consumer =
                new KafkaConsumer<>(options, new StringDeserializer(), new ByteArrayDeserializer())) {
            polling = consumer;
            consumer.subscribe(path.subscribed());
            while (continues()) {
                resumeDue(consumer, delayed);
                handle(consumer, consumer.poll(POLL), delayed);
            }
        } catch (WakeupException stopped) {
            // The thread was stopped.
        } finally {
            polling = null;
        }
    }

    private static void resumeDue(Consumer<String, byte[]> consumer, Map<TopicPartition, Instant> delayed) {
        delayed.keySet().retainAll(consumer.assignment());
        List<TopicPartition> due = delayed.entrySet().stream()
                .filter(each -> !each.getValue().isAfter(Instant.now()))
                .map(Map.Entry::getKey)
                .toList();
        consumer.resume(due);
        due.forEach(delayed::remove);
    }

    private void handle(
            Consumer<String, byte[]> consumer,
            ConsumerRecords<String, byte[]> found,
            Map<TopicPartition, Instant> delayed) {
        List<Delivery> due = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        for (TopicPartition partition : found.partitions()) {
            for (ConsumerRecord<String, byte[]> each : found.records(partition)) {
                Delivery delivery = path.delivery(StoredMessage.of(each));
                if (delivery.stage() > 0 && delivery.due().isAfter(Instant.now())) {
                    // Later messages of a retry topic are due later, because all wait equally long.
                    consumer.pause(List.of(partition));
                    consumer.seek(partition, each.offset());
                    delayed.put(partition, delivery.due());
                    break;
                }
                due.add(delivery);
                ends.put(partition, new OffsetAndMetadata(each.offset() + 1));
            }
        }
        processor.process(due);
        if (!ends.isEmpty()) {
            consumer.commitSync(ends);
        }
    }
}
