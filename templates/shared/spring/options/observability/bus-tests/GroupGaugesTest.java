package com.example.shop.chassis.messaging.bus;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.broker.Broker;
import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The gauges of a consumer group say what a real broker knows of it. */
class GroupGaugesTest {

    private static final String TOPIC = "orders.v1";
    private static final String SCHEMA = "inventory_service";
    private static final String GOOD = "good";
    private static final String BAD = "bad";

    @TempDir
    static Path folder;

    private final TestDatabase database = new TestDatabase(SCHEMA);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ObservationRegistry observations = ObservationRegistry.create();

    GroupGaugesTest() {
        observations.observationConfig().observationHandler(new EventCounts(registry));
    }

    @Test
    void theGaugesSayWhatTheGroupOfThisProcessHasHandledAndWhatNot() {
        try (Broker broker = new Broker(folder)) {
            BusSettings settings = settings(broker.url());
            BusConnection connection = new BusConnection(settings);
            Publisher publisher = new Publisher(connection);
            BusAdministration administration = new BusAdministration(settings);
            administration.run();
            publisher.publishAll(List.of(message("{"), message(event(1, GOOD)), message(event(2, BAD))));
            SmartLifecycle group = new Bus(
                            settings,
                            connection,
                            publisher,
                            database.template,
                            database.transactions,
                            JsonMapper.shared(),
                            observations)
                    .join("inventory", SCHEMA, event -> {
                        if (event.type().equals(BAD)) {
                            throw new IllegalStateException("planted");
                        }
                    });
            try (GroupGauges gauges =
                    new GroupGauges(settings, connection, publisher, administration, List.of("inventory"), registry)) {
                gauges.show(gauges.read());
                assertThat(value("bus.lag")).isEqualTo(3);
                assertThat(value("bus.dead.letter.age")).isZero();
                group.start();
                await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                    gauges.show(gauges.read());
                    assertThat(value("bus.lag")).isZero();
                });
            } finally {
                group.stop();
                publisher.destroy();
            }
        }
        assertThat(value("bus.dead.letters")).isEqualTo(2);
        assertThat(value("bus.dead.letter.age")).isPositive();
        assertThat(registry.get("bus.lag").gauges()).hasSize(1);
        assertThat(events("handled")).isEqualTo(1);
        // One that is no event, and three attempts in each of two topics.
        assertThat(events("failed")).isEqualTo(7);
    }

    private static BusSettings settings(String url) {
        return new BusSettings(
                url,
                List.of(0.1),
                1,
                "all",
                BusSettings.Security.NONE,
                Map.of("orders", TOPIC),
                Map.of("inventory", List.of(TOPIC), "cart", List.of(TOPIC)));
    }

    private static Message message(String text) {
        return new Message(TOPIC, "a" + text.length(), text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private static String event(int number, String type) {
        return """
                {"id": "01980000-0000-7000-8000-00000000000%d", "type": "%s", "version": 1, "key": "a",
                 "time": "2026-01-01T00:00:00Z", "data": {}}""".formatted(number, type);
    }

    private double value(String name) {
        return registry.get(name).tag("group", "inventory").gauge().value();
    }

    private double events(String outcome) {
        return registry.get("bus.events").tag("outcome", outcome).gauge().value();
    }
}
