package com.example.shop.analytics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.example.shop.analytics.Messages.Ordered;
import com.example.shop.broker.Broker;
import com.example.shop.chassis.Clock;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.bus.Bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

/** Each event is counted once on a real broker, despite restarts, crashes, several owners and rebuilds. */
class AnalyticsTest {

    private static Broker broker;
    private static Admin admin;
    private static Producer<String, byte[]> producer;

    @TempDir
    static Path folder;

    private final TestDatabase database = new TestDatabase("analytics");
    private final WindowStore store = new WindowStore(database.template, database.transactions);
    private final String orders = "orders-" + UUID.randomUUID();
    private final String views = "views-" + UUID.randomUUID();
    private final String group = "analytics-" + UUID.randomUUID();
    private final List<Analytics> running = new ArrayList<>();
    private long published;

    @BeforeAll
    static void startBroker() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        broker = new Broker(folder);
        admin = Admin.create(Map.of("bootstrap.servers", address()));
        // Without a sequence of messages for each partition, which the topics of all tests would share.
        Map<String, Object> options = Map.of("bootstrap.servers", address(), "enable.idempotence", false);
        producer = new KafkaProducer<>(options, new StringSerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close();
        admin.close();
        broker.close();
    }

    private static String address() {
        return broker.url().substring("kafka://".length());
    }

    @BeforeEach
    void createTopics() throws ExecutionException, InterruptedException {
        List<NewTopic> topics = List.of(
                new NewTopic(orders, Optional.of(2), Optional.empty()),
                new NewTopic(views, Optional.of(2), Optional.empty()));
        admin.createTopics(topics).all().get();
    }

    @AfterEach
    void stop() {
        running.forEach(Analytics::stop);
    }

    private Bus bus(String groupOfMembers) {
        Bus bus = mock();
        when(bus.servesRequests()).thenReturn(true);
        when(bus.topic("orders")).thenReturn(orders);
        when(bus.topic("analytics")).thenReturn(views);
        when(bus.member("analytics"))
                .thenAnswer(call -> consumer(Map.of("group.id", groupOfMembers, "group.protocol", "consumer")));
        when(bus.reader()).thenAnswer(call -> consumer(Map.of()));
        return bus;
    }

    private static Consumer<String, byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> options = new HashMap<>(more);
        options.put("bootstrap.servers", address());
        options.put("auto.offset.reset", "earliest");
        options.put("enable.auto.commit", false);
        return new KafkaConsumer<>(options, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private Analytics join(String groupOfMembers) {
        Analytics member = new Analytics(bus(groupOfMembers), store, Messages.JSON, new ShopSettings("EUR"));
        running.add(member);
        member.start();
        return member;
    }

    private Analytics join() {
        return join(group);
    }

    private Map<?, Long> rebuild() {
        return new AnalyticsRebuild(bus(group), store, Messages.JSON).rebuild();
    }

    /** Publishes as many confirmed orders as views, to all partitions. */
    private void publish(int count) {
        for (int number = 0; number < count; number++) {
            byte[] order = Messages.order("OrderConfirmed", Clock.now(), new Ordered("A", 1, 2));
            producer.send(new ProducerRecord<>(orders, number % 2, "k", order));
            producer.send(new ProducerRecord<>(views, number % 2, "k", Messages.view(Clock.now())));
        }
        producer.flush();
        published += count;
    }

    private void awaitAll(Analytics... members) {
        for (Analytics member : members) {
            await().untilAsserted(() -> {
                assertThat(member.summary().conversion()).isEqualTo(new Summary.Conversion(published, published, 1.0));
                assertThat(member.summary().topProducts())
                        .containsExactly(new Summary.TopProduct("A", published, 2 * published));
            });
        }
    }

    private long stored() {
        return database.client
                .sql("SELECT COALESCE(SUM(position), 0) FROM analytics.progress")
                .query(Long.class)
                .single();
    }

    @Test
    void membersShareThePartitionsAndShowTheSame() {
        Analytics leaving = join();
        Analytics staying = join();
        publish(20);
        awaitAll(leaving, staying);
        leaving.stop();
        publish(20);
        awaitAll(staying);
        staying.stop();
        assertThat(stored()).isEqualTo(2 * published);
        awaitAll(join());
    }

    @Test
    void countsThatWereNotStoredAreCountedAgain() {
        Analytics dead = join();
        publish(20);
        awaitAll(dead);
        await().until(() -> stored() == 2 * published);
        List<Map<String, Object>> progress = database.template.queryForList("SELECT * FROM analytics.progress");
        List<Map<String, Object>> buckets =
                database.template.queryForList("SELECT topic, \"partition\", \"minute\", position,"
                        + " CAST(data AS varbinary(1000000)) AS data FROM analytics.bucket");
        publish(20);
        awaitAll(dead);
        dead.stop();
        // As if it had been killed before it stored the last counts.
        database.template.execute("DELETE FROM analytics.progress");
        database.template.execute("DELETE FROM analytics.bucket");
        progress.forEach(row -> database.template.update(
                "INSERT INTO analytics.progress VALUES (?, ?, ?, ?)",
                row.values().toArray()));
        buckets.forEach(row -> database.template.update(
                "INSERT INTO analytics.bucket VALUES (?, ?, ?, ?, ?)",
                row.values().toArray()));
        awaitAll(join());
    }

    @Test
    void twoOwnersOfAPartitionCountNoEventTwice() {
        Analytics owner = join();
        Analytics other = join("other-" + group);
        for (int round = 0; round < 5; round++) {
            publish(20);
            awaitAll(owner, other);
        }
        await().until(() -> stored() == 2 * published);
    }

    @Test
    void aRebuildRepairsCountsWhileMembersCount() {
        Analytics member = join();
        publish(20);
        awaitAll(member);
        await().until(() -> stored() == 2 * published);
        database.template.execute("DELETE FROM analytics.bucket");
        assertThat(rebuild().values()).containsOnly(10L);
        awaitAll(member, join("other-" + group));
        publish(20);
        awaitAll(member);
    }

    @Test
    void aRebuildCountsTopicsThatWereCreatedAgain() {
        Analytics member = join();
        publish(20);
        awaitAll(member);
        member.stop();
        // As if the topics that were counted before had had more messages.
        database.template.update("UPDATE analytics.progress SET position = position + 1000");
        assertThat(rebuild().values()).containsOnly(10L);
        publish(4);
        awaitAll(join());
    }

    @Test
    void minutesOutsideOfTheWindowsAreDeleted() {
        database.template.update("INSERT INTO analytics.progress VALUES (?, 0, 1, 0)", views);
        database.template.update("INSERT INTO analytics.bucket VALUES (?, 0, 1, 0, ?)", views, new byte[0]);
        Analytics member = join();
        publish(2);
        awaitAll(member);
        await().untilAsserted(() -> assertThat(database.client
                        .sql("SELECT COUNT(*) FROM analytics.bucket WHERE \"minute\" = 1")
                        .query(Long.class)
                        .single())
                .isZero());
    }
}
