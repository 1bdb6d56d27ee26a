package com.example.shop.chassis.messaging.bus;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.broker.Broker;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.Inbox;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.TestTracing;

import static org.assertj.core.api.Assertions.assertThat;

/** What handles an event continues the trace of what caused it, over a real broker. */
class EventTraceTest {

    private static final String SCHEMA = "inventory_service";
    private static final String TYPE = "OrderPlaced";

    @TempDir
    static Path folder;

    private final TestDatabase database = new TestDatabase(SCHEMA);
    private final TestTracing tracing = new TestTracing();
    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

    @Test
    void theHandlerHasTheTraceOfTheRequest() throws InterruptedException {
        Outbox outbox = new Outbox(database.client, JsonMapper.shared(), SCHEMA, tracing.traces());
        String traceId = tracing.traced(() -> database.transactions.run(() -> {
            outbox.append(TYPE, "a", Map.of());
            return TYPE;
        }));
        try (Broker broker = new Broker(folder)) {
            BusSettings settings = new BusSettings(
                    broker.url(),
                    List.of(60.0),
                    1,
                    "all",
                    BusSettings.Security.NONE,
                    Map.of("orders", "orders.v1"),
                    Map.of("inventory", List.of("orders.v1")),
                    Map.of());
            new BusAdministration(settings).run();
            Publisher publisher = new Publisher(settings);
            Bus bus = new Bus(
                    settings, publisher, database.template, database.transactions, event -> {}, tracing.traces());
            Inbox inbox = new Inbox(database.client, "inventory", SCHEMA);
            List<SmartLifecycle> running = List.of(
                    bus.relay(outbox, "orders"),
                    bus.join(
                            "inventory",
                            SCHEMA,
                            bus.once(inbox, Set.of(TYPE), event -> handled.add(tracing.traceId()))));
            running.forEach(SmartLifecycle::start);
            try {
                assertThat(handled.poll(1, TimeUnit.MINUTES)).isEqualTo(traceId);
            } finally {
                running.forEach(SmartLifecycle::stop);
                publisher.destroy();
            }
        }
    }
}
