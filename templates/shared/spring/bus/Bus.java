package com.example.shop.chassis.messaging.bus;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Inbox;
import com.example.shop.chassis.messaging.Outbox;
import com.example.shop.chassis.tracing.Traces;

/** The event bus, as a service uses it: relays that publish its outboxes, and memberships in consumer groups. */
public class Bus {

    private final BusSettings settings;
    private final BusConnection connection;
    private final Publisher publisher;
    private final JdbcTemplate database;
    private final Transactions transactions;
    private final ApplicationEventPublisher listeners;
    private final Traces traces;
    private final Set<String> joined = ConcurrentHashMap.newKeySet();

    Bus(
            BusSettings settings,
            Publisher publisher,
            JdbcTemplate database,
            Transactions transactions,
            ApplicationEventPublisher listeners,
            Traces traces) {
        this.settings = settings;
        this.connection = new BusConnection(settings);
        this.publisher = publisher;
        this.database = database;
        this.transactions = transactions;
        this.listeners = listeners;
        this.traces = traces;
    }

    /** Returns the relay that publishes the events of the outbox to the topic of the context. */
    public SmartLifecycle relay(Outbox outbox, String context) {
        return new PublishingRelay(outbox, database, transactions, settings.topic(context), publisher);
    }

    /** Returns a handler of these types of events, which take effect once: the inbox is in its transaction. */
    public EventHandler once(Inbox inbox, Set<String> types, EventHandler handler) {
        return event -> {
            if (types.contains(event.type())) {
                transactions.runUntilUnique(() -> {
                    if (inbox.firstTime(event.id())) {
                        handler.handle(event);
                    }
                    return event;
                });
            }
        };
    }

    /**
     * Returns the membership of this process in the group.
     *
     * @param schema with the table {@code held}
     * @param handler gets the events of its topics, in order per key, and ignores those that are not meant for it
     */
    public SmartLifecycle join(String group, String schema, EventHandler handler) {
        if (settings.handlesEvents()) {
            joined.add(group);
        }
        RetryPath path = settings.path(group);
        JdbcClient client = JdbcClient.create(database);
        RecordProcessor processor = new RecordProcessor(
                handler,
                path,
                publisher,
                client,
                transactions,
                new BlockedKeys(client, group, schema),
                listeners,
                traces);
        return new ConsumerGroup(group, path, processor, connection.consuming(group), settings.handlesEvents());
    }

    /** Returns the topic to which the context publishes. */
    public String topic(String context) {
        return settings.topic(context);
    }

    /** Publishes one event to the topic of the context, without an outbox; throws DeliveryUnavailable. */
    public void publish(String context, Event event) {
        publisher.publish(Envelope.message(event, topic(context)));
    }

    /** Returns the event in a message; throws an exception if the message has no event. */
    public static Event event(byte[] message) {
        return Envelope.event(message);
    }

    /** Returns a new member of the group, for a context that stores how far it is itself. */
    public Consumer<String, byte[]> member(String group) {
        return consumer(connection.consuming(group));
    }

    /** Returns a new reader outside of any group, which starts with the first messages. */
    public Consumer<String, byte[]> reader() {
        return consumer(connection.reading());
    }

    private static Consumer<String, byte[]> consumer(Map<String, Object> options) {
        return new KafkaConsumer<>(options, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Returns whether this process serves requests. */
    public boolean servesRequests() {
        return settings.servesRequests();
    }

    /** Returns the groups that this process has joined. */
    Set<String> joined() {
        return joined;
    }
}
