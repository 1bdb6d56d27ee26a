package com.example.shop.chassis.messaging.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

import com.example.shop.chassis.startup.Command;
import com.example.shop.chassis.startup.Wait;

/** The topics of the bus, and how far its consumer groups are. The command {@code create-topics} creates missing ones. */
public class BusAdministration implements Command {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final long ANSWER_SECONDS = 10;
    private final BusSettings settings;
    private final BusConnection connection;

    public BusAdministration(BusSettings settings) {
        this.settings = settings;
        this.connection = new BusConnection(settings);
    }

    @Override
    public String name() {
        return "create-topics";
    }

    /** Creates missing topics, once the bus responds. */
    @Override
    public void run() {
        try (Admin admin = Admin.create(connection.common())) {
            Wait.until(Instant.now().plus(LONGEST_WAIT), "bus", () -> create(admin));
        }
    }

    private void create(Admin admin) {
        Set<String> known = answer(admin.listTopics().names());
        List<NewTopic> missing = topics().stream()
                .filter(topic -> !known.contains(topic.name()))
                .map(BusAdministration::newTopic)
                .toList();
        answer(admin.createTopics(missing).all());
    }

    private List<Topic> topics() {
        List<Topic> topics = new ArrayList<>();
        settings.topics()
                .forEach((context, name) -> topics.add(new Topic(
                        name, settings.partitions(), settings.retention().get(context))));
        settings.groups()
                .keySet()
                .forEach(group -> topics.addAll(settings.path(group).topics(settings.partitions())));
        return topics;
    }

    /** Returns the request for a topic; the broker knows how many replicas it gets. */
    private static NewTopic newTopic(Topic topic) {
        long millis = topic.retention() == null ? -1 : topic.retention().toMillis();
        Map<String, String> options = Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(millis));
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty()).configs(options);
    }

    /** Returns how many published events the groups have not handled yet, with those in retry topics. */
    public long undelivered() {
        return lags(settings.groups().keySet()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Returns how many published events each of the groups has not handled yet, with those in retry topics. */
    Map<String, Long> lags(Collection<String> groups) {
        try (Admin admin = Admin.create(connection.common())) {
            return groups.stream().collect(Collectors.toMap(group -> group, group -> lag(admin, group)));
        }
    }

    private long lag(Admin admin, String group) {
        Collection<TopicPartition> partitions =
                partitions(admin, settings.path(group).subscribed());
        Map<TopicPartition, OffsetAndMetadata> committed =
                answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> first =
                offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> ends =
                offsets(admin, partitions, OffsetSpec.latest());
        long lag = 0;
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata done = committed.get(partition);
            // The retention may have deleted events that the group has not handled.
            long next = Math.max(offset(first, partition), done == null ? 0 : done.offset());
            lag += Math.max(0, offset(ends, partition) - next);
        }
        return lag;
    }

    private static Collection<TopicPartition> partitions(Admin admin, Collection<String> topics) {
        return answer(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private static Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> offsets(
            Admin admin, Collection<TopicPartition> partitions, OffsetSpec which) {
        return answer(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)))
                .all());
    }

    private static long offset(
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(offsets.get(partition)).offset();
    }

    private static <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new BusUnavailable(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BusUnavailable(interrupted);
        }
    }
}
