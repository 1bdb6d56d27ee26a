package com.example.shop.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.analytics.PartitionCounts.Progress;
import com.example.shop.chassis.Clock;
import com.example.shop.chassis.messaging.bus.Bus;
import com.example.shop.chassis.startup.Command;

/**
 * Rebuild: recounts all events from the start, while the service keeps running.
 *
 * <p>Running processes notice the new generation when they store their counts, and continue from it. No event is
 * counted twice or left out, regardless of their positions.
 */
@Component
class AnalyticsRebuild implements Command {

    private static final Duration POLL = Duration.ofSeconds(1);
    private final Bus bus;
    private final WindowStore store;
    private final JsonMapper json;

    AnalyticsRebuild(Bus bus, WindowStore store, JsonMapper json) {
        this.bus = bus;
        this.store = store;
        this.json = json;
    }

    @Override
    public String name() {
        return "rebuild";
    }

    /** Recounts all topics, replaces the stored windows in one transaction, and prints the positions reached. */
    @Override
    public void run() {
        rebuild().forEach((partition, position) -> System.out.println(partition + ": " + position + " events"));
    }

    /** Returns the positions reached, by partition. */
    Map<TopicPartition, Long> rebuild() {
        Windows windows = new Windows(json, Clock.now());
        try (Consumer<String, byte[]> reader = bus.reader()) {
            List<TopicPartition> partitions = Analytics.topics(bus).stream()
                    .flatMap(topic -> reader.partitionsFor(topic).stream())
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            partitions.forEach(
                    partition -> windows.load(partition, new Progress(0, reader.position(partition)), Map.of()));
            store.begin(partitions);
            do {
                readToEnd(reader, windows);
            } while (!store.replace(windows, () -> reader.endOffsets(partitions)));
        }
        return windows.positions();
    }

    private static void readToEnd(Consumer<String, byte[]> reader, Windows windows) {
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<String, byte[]> found = reader.poll(POLL);
            found.partitions().forEach(partition -> windows.count(partition, found.records(partition)));
        }
    }
}
