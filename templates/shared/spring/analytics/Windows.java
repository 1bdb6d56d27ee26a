package com.example.shop.analytics;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.analytics.PartitionCounts.Progress;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.bus.Bus;

/**
 * Counts of the last hour, separate by partition so that each can be stored and taken over independently.
 *
 * <p>A message is counted once, however often it is delivered, at its event time, in any order. Late events are counted
 * exactly as long as a window covers their time; later ones are in no window.
 */
final class Windows {

    static final int SECONDS = 60;
    private static final int MINUTES = 60;
    private static final Logger log = LoggerFactory.getLogger(Windows.class);
    private final JsonMapper json;
    private final Map<TopicPartition, PartitionCounts> partitions = new HashMap<>();
    // Updated with every sale, because a sum over all buckets for every summary would cost far more.
    private final Sales sales = new Sales();
    private long oldest;

    /** What has changed in a partition since it was stored: the buckets as JSON, by minute; and the oldest to keep. */
    record Changes(TopicPartition partition, Progress stored, long position, long oldest, Map<Long, byte[]> buckets) {}

    Windows(JsonMapper json, LocalDateTime now) {
        this.json = json;
        advance(now);
    }

    /** Drops the minutes that no window covers any longer. */
    private void advance(LocalDateTime now) {
        long covered = second(now) / SECONDS - MINUTES + 1;
        if (covered <= oldest) {
            return;
        }
        oldest = covered;
        for (PartitionCounts counts : partitions.values()) {
            counts.buckets.forEach((minute, bucket) -> {
                if (minute < oldest) {
                    sales.subtract(bucket.sales);
                }
            });
            counts.buckets.keySet().removeIf(minute -> minute < oldest);
            counts.changed.removeIf(minute -> minute < oldest);
        }
    }

    /** Returns the oldest minute that a window covers. */
    synchronized long oldest() {
        return oldest;
    }

    /** Counts the events of messages from a partition that was loaded before. */
    synchronized void count(TopicPartition partition, List<ConsumerRecord<String, byte[]>> messages) {
        PartitionCounts counts = partitions.get(partition);
        for (ConsumerRecord<String, byte[]> message : messages) {
            if (counts == null || message.offset() < counts.position) {
                continue;
            }
            // First: a message that is no event must not be read again.
            counts.position = message.offset() + 1;
            try {
                count(counts, Bus.event(message.value()));
            } catch (RuntimeException malformed) {
                log.warn(
                        "Skipped the message at offset {} of {}, which is no event: {}",
                        message.offset(),
                        partition,
                        malformed.toString());
            }
        }
    }

    private void count(PartitionCounts counts, Event event) {
        long second = second(event.time());
        long minute = second / SECONDS;
        if (minute < oldest) {
            return;
        }
        switch (event.type()) {
            case "ProductViewed" -> counts.change(minute).views++;
            case "OrderPlaced" -> {
                Bucket bucket = counts.change(minute);
                if (bucket.firstTime(event.id())) {
                    bucket.placed[(int) (second % SECONDS)]++;
                }
            }
            case "OrderConfirmed" -> {
                OrderData.Order order = order(event);
                Bucket bucket = counts.change(minute);
                if (bucket.firstTime(event.id())) {
                    bucket.confirmed++;
                    bucket.revenue += order.total().amount();
                    for (OrderData.Line line : order.items()) {
                        bucket.sales.add(line.sku(), line.sold());
                        sales.add(line.sku(), line.sold());
                    }
                }
            }
            case "OrderCancelled" -> {
                OrderData.Order order = order(event);
                Bucket bucket = counts.change(minute);
                if (bucket.firstTime(event.id())) {
                    bucket.refunded += order.total().amount();
                }
            }
            default -> {
                // Other events are in no window.
            }
        }
    }

    private OrderData.Order order(Event event) {
        return json.readValue(event.data(), OrderData.class).order();
    }

    /** Returns the progress of a partition as it was last stored or loaded; null if it was not loaded. */
    synchronized @Nullable Progress stored(TopicPartition partition) {
        PartitionCounts counts = partitions.get(partition);
        return counts == null ? null : counts.stored;
    }

    /** Returns the positions of the loaded partitions. */
    synchronized Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        partitions.forEach((partition, counts) -> positions.put(partition, counts.position));
        return positions;
    }

    /**
     * Loads stored buckets, by minute: those that have changed since the partition was loaded, or all of them in
     * another generation.
     */
    synchronized void load(TopicPartition partition, Progress stored, Map<Long, byte[]> changed) {
        PartitionCounts known = partitions.get(partition);
        if (known != null && known.stored.generation() != stored.generation()) {
            forget(Set.of(partition));
        }
        PartitionCounts counts = partitions.computeIfAbsent(partition, missing -> new PartitionCounts(stored));
        counts.stored = stored;
        counts.position = stored.position();
        changed.forEach((minute, data) -> {
            if (minute >= oldest) {
                Bucket bucket = json.readValue(data, Bucket.class);
                Bucket replaced = counts.buckets.put(minute, bucket);
                if (replaced != null) {
                    sales.subtract(replaced.sales);
                }
                sales.add(bucket.sales);
            }
        });
    }

    /** Drops the counts of the partitions. */
    synchronized void forget(Collection<TopicPartition> dropped) {
        for (TopicPartition partition : dropped) {
            PartitionCounts counts = partitions.remove(partition);
            if (counts != null) {
                counts.buckets.values().forEach(bucket -> sales.subtract(bucket.sales));
            }
        }
    }

    /** Returns the changes of a partition since it was stored. */
    synchronized Changes changes(TopicPartition partition) {
        PartitionCounts counts = partitions.get(partition);
        if (counts == null) {
            throw new IllegalArgumentException(partition + " is not loaded");
        }
        Map<Long, byte[]> buckets = new TreeMap<>();
        counts.changed.forEach(minute -> buckets.put(minute, json.writeValueAsBytes(counts.buckets.get(minute))));
        return new Changes(partition, counts.stored, counts.position, oldest, buckets);
    }

    /** Notes that the changes are stored. */
    synchronized void stored(Changes changes) {
        PartitionCounts counts = partitions.get(changes.partition);
        if (counts != null) {
            counts.stored = new Progress(changes.stored.generation(), changes.position);
            counts.changed.removeAll(changes.buckets.keySet());
        }
    }

    /** Returns the summary at this time. */
    synchronized Summary summary(LocalDateTime now, String currency) {
        advance(now);
        long second = second(now);
        long newest = second / SECONDS;
        long[] placed = new long[2 * SECONDS];
        long[] revenue = new long[MINUTES];
        long refunded = 0;
        long views = 0;
        long confirmed = 0;
        for (PartitionCounts counts : partitions.values()) {
            for (Map.Entry<Long, Bucket> each : counts.buckets.entrySet()) {
                int age = (int) (newest - each.getKey());
                if (age < 0) {
                    continue;
                }
                Bucket bucket = each.getValue();
                revenue[MINUTES - 1 - age] += bucket.revenue;
                refunded += bucket.refunded;
                views += bucket.views;
                confirmed += bucket.confirmed;
                // The last sixty seconds are in this minute and the one before.
                if (age < 2) {
                    for (int index = 0; index < SECONDS; index++) {
                        placed[(1 - age) * SECONDS + index] += bucket.placed[index];
                    }
                }
            }
        }
        int start = (int) (second % SECONDS);
        return new Summary(
                now,
                currency,
                Arrays.copyOfRange(placed, start, start + SECONDS),
                revenue,
                refunded,
                sales.top(),
                Summary.Conversion.of(views, confirmed));
    }

    private static long second(LocalDateTime time) {
        return time.toEpochSecond(ZoneOffset.UTC);
    }
}
