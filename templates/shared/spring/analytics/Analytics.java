package com.example.shop.analytics;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.BackgroundThread;
import com.example.shop.chassis.Clock;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.messaging.bus.Bus;

/**
 * The windows of this process: its own partitions are current, those of others as last stored.
 *
 * <p>Any number of processes may run, as members of one consumer group. Each counts its partitions, stores the counts
 * with their positions about once a second, and adds what the others stored. The owner of a partition starts at the
 * stored position, so no event is left out or counted twice; the offsets at the broker only tell how far the group is.
 */
@Service
@ConditionalOnWebApplication
class Analytics extends BackgroundThread {

    static final String CONTEXT = "analytics";
    private static final String ORDERS = "orders";
    private static final Logger log = LoggerFactory.getLogger(Analytics.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SAVE = Duration.ofSeconds(1);
    // Longer than it takes to store the counts.
    private static final Duration GRACE = Duration.ofSeconds(30);
    private final Bus bus;
    private final WindowStore store;
    private final String currency;
    private final Windows windows;
    private final Set<TopicPartition> own = new HashSet<>();

    Analytics(Bus bus, WindowStore store, JsonMapper json, ShopSettings settings) {
        super(Thread.ofPlatform().name(CONTEXT), GRACE);
        this.bus = bus;
        this.store = store;
        this.currency = settings.currency();
        this.windows = new Windows(json, Clock.now());
    }

    /** Returns the topics that analytics count. */
    static List<String> topics(Bus bus) {
        return List.of(bus.topic(ORDERS), bus.topic(CONTEXT));
    }

    /** Returns the current summary of all windows. */
    Summary summary() {
        return windows.summary(Clock.now(), currency);
    }

    /** Counts only in processes that serve requests: only these show what is counted. */
    @Override
    public void start() {
        if (bus.servesRequests()) {
            super.start();
        }
    }

    /** Counts until it is stopped, or something fails. */
    @Override
    protected void work() {
        try (Consumer<String, byte[]> consumer = bus.member(CONTEXT)) {
            consumer.subscribe(topics(bus), new Ownership(consumer));
            long nextSave = System.nanoTime();
            while (continues()) {
                ConsumerRecords<String, byte[]> found = consumer.poll(POLL);
                found.partitions().forEach(partition -> windows.count(partition, found.records(partition)));
                if (System.nanoTime() >= nextSave) {
                    nextSave = System.nanoTime() + SAVE.toNanos();
                    takeOver(consumer, synchronize());
                    consumer.commitAsync(offsets(), null);
                }
            }
        } finally {
            drop(Set.copyOf(own));
        }
    }

    /** Stores the counts and reads those of other processes; returns the partitions that others have written. */
    private List<TopicPartition> synchronize() {
        try {
            store.save(windows, own);
            return store.refresh(windows, own);
        } catch (RuntimeException failure) {
            // The counting goes on; the next save has these counts, too.
            log.warn("Analytics could not store their counts; retrying: {}", failure.toString());
            return List.of();
        }
    }

    /** Continues with the partitions from what is stored. */
    private void takeOver(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        drop(partitions);
        store.begin(partitions);
        store.refresh(windows, own);
        own.addAll(partitions);
        Map<TopicPartition, Long> positions = windows.positions();
        partitions.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    }

    private void drop(Collection<TopicPartition> partitions) {
        own.removeAll(partitions);
        windows.forget(partitions);
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        windows.positions().forEach((partition, position) -> {
            if (own.contains(partition)) {
                offsets.put(partition, new OffsetAndMetadata(position));
            }
        });
        return offsets;
    }

    /** Takes partitions over, and stores the counts of those that another process gets. */
    private final class Ownership implements ConsumerRebalanceListener {

        private final Consumer<String, byte[]> consumer;

        private Ownership(Consumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            takeOver(consumer, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Set<TopicPartition> counted = new HashSet<>(partitions);
            counted.retainAll(own);
            try {
                store.save(windows, counted);
            } catch (RuntimeException failure) {
                log.warn(
                        "Analytics could not store their latest counts; the next owner recounts: {}",
                        failure.toString());
            }
            drop(partitions);
        }

        /** Another process may own them already. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(partitions);
        }
    }
}
