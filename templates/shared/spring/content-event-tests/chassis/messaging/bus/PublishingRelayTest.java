package com.example.shop.chassis.messaging.bus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.broker.Broker;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.Traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Events reach their topic on a real broker once, and those of a key in their order. */
class PublishingRelayTest {

    private static final String SCHEMA = "content_service";
    private static final TopicPartition TOPIC = new TopicPartition("content.v1", 0);

    @TempDir
    private Path folder;

    private final TestDatabase database = new TestDatabase(SCHEMA);
    private final Outbox outbox = new Outbox(database.client, JsonMapper.shared(), SCHEMA, Traces.NONE);

    private void append(String key, String... types) {
        database.transactions.run(() -> {
            for (String type : types) {
                outbox.append(type, key, Map.of());
            }
            return key;
        });
    }

    @Test
    void severalRelaysPublishEachEventOnce() {
        try (Broker broker = new Broker(folder)) {
            BusSettings settings = new BusSettings(
                    broker.url(),
                    List.of(),
                    1,
                    "api",
                    BusSettings.Security.NONE,
                    Map.of("content", TOPIC.topic()),
                    Map.of(),
                    Map.of());
            Publisher publisher = new Publisher(settings);
            new BusAdministration(settings).run();
            Bus bus =
                    new Bus(settings, publisher, database.template, database.transactions, outcome -> {}, Traces.NONE);
            List<SmartLifecycle> relays = List.of(bus.relay(outbox, "content"), bus.relay(outbox, "content"));
            append("chairs", "ArticlePublished", "ArticlePublished");
            relays.forEach(SmartLifecycle::start);
            append("stools", "ArticlePublished");
            append("chairs", "ArticleWithdrawn");
            await().atMost(Duration.ofMinutes(1)).until(() -> outbox.backlog().waiting() == 0);
            relays.forEach(SmartLifecycle::stop);
            publisher.destroy();
            List<Event> events = events(new BusConnection(settings));
            assertThat(events).hasSize(4);
            assertThat(events.stream().filter(event -> event.key().equals("chairs")))
                    .extracting(Event::type)
                    .containsExactly("ArticlePublished", "ArticlePublished", "ArticleWithdrawn");
        }
    }

    private List<Event> events(BusConnection connection) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(connection.reading(), bytes, bytes)) {
            consumer.assign(List.of(TOPIC));
            long end = consumer.endOffsets(List.of(TOPIC)).get(TOPIC);
            List<Event> events = new ArrayList<>();
            while (consumer.position(TOPIC) < end) {
                consumer.poll(Duration.ofSeconds(1))
                        .records(TOPIC)
                        .forEach(record -> events.add(Envelope.event(record.value())));
            }
            return events;
        }
    }
}
