package com.example.shop.chassis.messaging.bus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.broker.Broker;
import com.example.shop.chassis.database.TableMissing;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Inbox;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.Traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Events take effect once and in order per key on a real broker, however often they fail. */
class ConsumerGroupTest {

    private static final String SCHEMA = "inventory_service";
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    private static final String BAD = "bad";
    private static Broker broker;

    @TempDir
    static Path folder;

    private final TestDatabase database = new TestDatabase(SCHEMA);
    private final Outbox outbox = new Outbox(database.client, JsonMapper.shared(), SCHEMA, Traces.NONE);
    private final Inbox inbox = new Inbox(database.client, "inventory", SCHEMA);
    private final String topic = "orders-" + UUID.randomUUID();
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger moving = new AtomicInteger();
    private final List<Object> outcomes = Collections.synchronizedList(new ArrayList<>());
    private final List<SmartLifecycle> running = new ArrayList<>();
    private Publisher publisher;
    private BusAdministration administration;
    private DeadLetters deadLetters;

    @BeforeAll
    static void startBroker() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        broker = new Broker(folder);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    private void start(Double... delays) {
        BusSettings settings = new BusSettings(
                broker.url(),
                List.of(delays),
                2,
                "all",
                BusSettings.Security.NONE,
                Map.of("orders", topic),
                Map.of("inventory", List.of(topic)),
                Map.of());
        publisher = new Publisher(settings);
        deadLetters = new DeadLetters(settings, publisher);
        administration = new BusAdministration(settings);
        administration.run();
        Bus bus = new Bus(settings, publisher, database.template, database.transactions, outcomes::add, Traces.NONE);
        EventHandler handler = event -> {
            if (moving.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new TableMissing(new SQLException("planted"));
            }
            if (failing.contains(event.type())) {
                throw new IllegalStateException("planted\n  in two lines");
            }
            handled.add(event.key() + ' ' + event.type());
        };
        running.add(bus.relay(outbox, "orders"));
        running.add(bus.join("inventory", SCHEMA, bus.once(inbox, Set.of(FIRST, SECOND, BAD), handler)));
        running.forEach(SmartLifecycle::start);
    }

    @AfterEach
    void stop() {
        running.forEach(SmartLifecycle::stop);
        publisher.destroy();
    }

    private void append(String key, String... types) {
        database.transactions.run(() -> {
            for (String type : types) {
                outbox.append(type, key, Map.of());
            }
            return null;
        });
    }

    private long blocked() {
        return database.client
                .sql("SELECT COUNT(*) FROM inventory_service.held")
                .query(Long.class)
                .single();
    }

    @Test
    void theEventsOfAKeyAreHandledInTheirOrder() {
        start(60.0);
        append("a", FIRST, SECOND, "ignored", FIRST);
        await().untilAsserted(() -> assertThat(handled).containsExactly("a first", "a second", "a first"));
        assertThat(outbox.backlog().waiting()).isZero();
    }

    @Test
    void anEventThatFailsHoldsUpItsKeyOnly() {
        failing.add(BAD);
        start(2.0, 2.0, 2.0);
        append("a", BAD, SECOND);
        append("b", FIRST);
        await().untilAsserted(() -> assertThat(blocked()).isEqualTo(2));
        assertThat(handled).containsExactly("b first");
        failing.clear();
        await().untilAsserted(() -> assertThat(handled).containsExactly("b first", "a bad", "a second"));
        await().untilAsserted(() -> assertThat(blocked()).isZero());
    }

    @Test
    void anEventThatFailsForGoodIsADeadLetterAndCanBeReplayed() {
        failing.add(BAD);
        start(0.1, 0.1);
        append("a", BAD, SECOND);
        await().untilAsserted(() -> assertThat(handled).containsExactly("a second"));
        Map<String, StoredMessage> dead = deadLetters.read();
        assertThat(dead.values()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(topic + ".inventory.dlq");
            assertThat(letter.headers())
                    .containsEntry("type", BAD)
                    .containsEntry("origin-topic", topic)
                    .containsEntry("failures", "3")
                    .containsEntry("error", "IllegalStateException: planted in two lines");
        });
        // Three attempts in the topic itself and in each retry topic.
        assertThat(outcomes).filteredOn(EventOutcome.FAILED::equals).hasSize(9);
        assertThat(outcomes).containsOnlyOnce(EventOutcome.DEAD, EventOutcome.HANDLED);
        try (DeadLetters.Reader<Instant> reader = deadLetters.times(List.of("inventory"))) {
            assertThat(reader.read().keySet()).isEqualTo(dead.keySet());
            failing.clear();
            dead.values().forEach(deadLetters::replay);
            await().untilAsserted(() -> assertThat(handled).containsExactly("a second", "a bad"));
            assertThat(reader.read()).isEmpty();
        }
        assertThat(deadLetters.read()).isEmpty();
    }

    @Test
    void anEventWaitsForTablesThatMove() {
        moving.set(2);
        start(60.0);
        append("a", FIRST);
        await().untilAsserted(() -> assertThat(handled).containsExactly("a first"));
        assertThat(outcomes).containsOnly(EventOutcome.HANDLED);
    }

    @Test
    void theWaitBeforeABackupEndsWhenAllEventsAreHandled() {
        failing.add(BAD);
        start(3.0);
        append("a", BAD);
        await().untilAsserted(() -> assertThat(outcomes).contains(EventOutcome.RETRIED));
        failing.clear();
        new IdleWait(administration).run();
        assertThat(handled).containsExactly("a bad");
    }

    @Test
    void aMessageThatIsNoEventIsADeadLetterAtOnce() {
        start(60.0);
        publisher.publish(new Message(topic, "a", "{".getBytes(StandardCharsets.UTF_8), Map.of()));
        await().untilAsserted(() -> assertThat(deadLetters.read()).hasSize(1));
        append("a", FIRST);
        await().untilAsserted(() -> assertThat(handled).containsExactly("a first"));
    }

    /** Another program may publish any key; its events are retried in order. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void aKeyThatNoColumnCanHoldBlocksNoOtherEvent(int length) {
        String key = length == 0 ? "a\0b" : "a".repeat(length);
        failing.add(BAD);
        start(0.1, 0.1);
        publisher.publish(new Message(topic, key, badEvent().getBytes(StandardCharsets.UTF_8), Map.of()));
        publisher.publish(new Message(topic, key, badEvent().getBytes(StandardCharsets.UTF_8), Map.of()));
        append("b", FIRST);
        await().untilAsserted(() -> assertThat(handled).containsExactly("b first"));
        await().untilAsserted(() -> assertThat(deadLetters.read()).hasSize(2));
        await().untilAsserted(() -> assertThat(blocked()).isZero());
    }

    /** The dead letter says where it is; one that is no event is too large for a dead letter, too. */
    @Test
    void anEventThatIsTooLargeForTheHeadersOfARetryBlocksNoOtherEvent() {
        failing.add(BAD);
        start(60.0);
        for (String value : List.of(badEvent(), "{")) {
            byte[] padded = Arrays.copyOf(value.getBytes(StandardCharsets.UTF_8), 1024 * 1024 - 150);
            Arrays.fill(padded, value.length(), padded.length, (byte) ' ');
            publisher.publish(new Message(topic, "a", padded, Map.of()));
        }
        append("a", FIRST);
        await().untilAsserted(() -> assertThat(handled).containsExactly("a first"));
        assertThat(deadLetters.read().values()).extracting(StoredMessage::key).containsExactly("a", "a");
        assertThat(deadLetters.read().values())
                .extracting(dead -> dead.value().length)
                .containsOnly(0);
        assertThat(blocked()).isZero();
    }

    private static String badEvent() {
        return """
                {"id": "%s", "type": "bad", "version": 1, "key": "a", "time": "2026-01-01T00:00:00Z",
                 "traceparent": null, "data": {}}""".formatted(UUID.randomUUID());
    }

    /** Later messages of the retry topic wait behind it. */
    @Test
    void aForeignMessageInARetryTopicWaitsNoLongerThanOthers() {
        start(0.1);
        Map<String, String> headers =
                Map.of("origin-offset", "0", "failures", "1", "due", "9999-12-31T23:59:59Z", "type", BAD);
        byte[] event = badEvent().getBytes(StandardCharsets.UTF_8);
        publisher.publish(new Message(topic + ".inventory.retry-1", "a", event, headers));
        await().untilAsserted(() -> assertThat(handled).containsExactly("a bad"));
    }

    @Test
    void eventsThatTheRetentionHasDeletedAreNotUndelivered() throws Exception {
        start(60.0);
        append("a", FIRST);
        await().untilAsserted(() -> assertThat(handled).hasSize(1));
        await().untilAsserted(() -> assertThat(administration.undelivered()).isZero());
        running.getLast().stop();
        append("a", SECOND);
        await().untilAsserted(() -> assertThat(administration.undelivered()).isEqualTo(1));
        Map<String, Object> options = Map.of("bootstrap.servers", broker.url().replace("kafka://", ""));
        try (Admin admin = Admin.create(options)) {
            // -1 is the end of a partition.
            RecordsToDelete all = RecordsToDelete.beforeOffset(-1);
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), all, new TopicPartition(topic, 1), all))
                    .all()
                    .get();
        }
        assertThat(administration.undelivered()).isZero();
    }

    @Test
    void anEventThatArrivesTwiceTakesEffectOnce() {
        start(60.0);
        String event = """
                {"id": "01980000-0000-7000-8000-000000000001", "type": "first", "version": 1, "key": "a",
                 "time": "2026-01-01T00:00:00.123456Z", "traceparent": null, "data": {"added": "later"}, "more": 1}""";
        Message message = new Message(topic, "a", event.getBytes(StandardCharsets.UTF_8), Map.of());
        publisher.publish(message);
        publisher.publish(message);
        append("a", SECOND);
        await().untilAsserted(() -> assertThat(handled).containsExactly("a first", "a second"));
    }
}
