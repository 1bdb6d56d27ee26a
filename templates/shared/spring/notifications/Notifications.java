package com.example.shop.notifications;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.RetentionRule;
import com.example.shop.chassis.database.RetentionSettings;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.Inbox;

/** Records and sends one message per event; a message that could not be sent is retried. */
@Service
class Notifications implements EventHandler {

    private static final Set<String> HANDLED = Set.of("OrderConfirmed", "OrderRejected", "OrderCancelled");
    // Messages that are sent at once, within one transaction.
    private static final int BATCH = 25;
    private final JdbcTemplate database;
    private final Transactions transactions;
    private final Inbox inbox;
    private final JsonMapper json;
    private final Sender sender;

    Notifications(JdbcTemplate database, Transactions transactions, JsonMapper json, Sender sender) {
        this.database = database;
        this.transactions = transactions;
        this.inbox = new Inbox(JdbcClient.create(database), "notifications");
        this.json = json;
        this.sender = sender;
    }

    @Bean
    static RetentionRule messageRetention(RetentionSettings keep) {
        return RetentionRule.olderThan(keep.messagesDays(), "notifications.message", List.of("id"), "id");
    }

    @Bean
    static RetentionRule inboxRetention(JdbcClient database, RetentionSettings keep) {
        return new Inbox(database, "notifications").retention(keep.inboxDays());
    }

    @Override
    public void handle(Event event) {
        handleAll(List.of(event));
    }

    /** If a message cannot be sent, its failure is thrown, and the others of its transaction are recorded. */
    @Override
    public void handleAll(List<Event> events) {
        List<Event> handled =
                events.stream().filter(each -> HANDLED.contains(each.type())).toList();
        for (int start = 0; start < handled.size(); start += BATCH) {
            List<Event> batch = handled.subList(start, Math.min(start + BATCH, handled.size()));
            for (RuntimeException failure : transactions.run(() -> notifyOf(batch))) {
                throw failure;
            }
        }
    }

    /** Returns why messages could not be sent. */
    private Collection<RuntimeException> notifyOf(List<Event> events) {
        Set<UUID> added = inbox.firstTimes(events.stream().map(Event::id).toList());
        List<Message> messages = events.stream()
                .filter(event -> added.contains(event.id()))
                .map(this::message)
                .toList();
        // Within the transaction: an event whose message is not sent is not recorded, but delivered again.
        Map<UUID, RuntimeException> failures = send(messages);
        inbox.remove(failures.keySet());
        insert(messages.stream()
                .filter(message -> !failures.containsKey(message.eventId()))
                .toList());
        return failures.values();
    }

    private Message message(Event event) {
        OrderEvent data = json.readValue(event.data(), OrderEvent.class);
        return new Message(
                Ids.next(),
                event.id(),
                data.userId(),
                data.order().id(),
                event.type(),
                data.wording(event.type()),
                Clock.now());
    }

    /** Sends the messages, and returns the failures by event. */
    private Map<UUID, RuntimeException> send(List<Message> messages) {
        Map<UUID, RuntimeException> failures = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Message message : messages) {
                threads.execute(() -> {
                    try {
                        sender.send(message);
                    } catch (RuntimeException failure) {
                        failures.put(message.eventId(), failure);
                    }
                });
            }
        }
        return failures;
    }

    private void insert(List<Message> messages) {
        database.batchUpdate(
                """
                INSERT INTO notifications.message (id, event_id, user_id, order_id, about, text, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                messages.stream()
                        .map(each -> new Object[] {
                            each.id(),
                            each.eventId(),
                            each.userId(),
                            each.orderId(),
                            each.about(),
                            each.text(),
                            each.createdAt()
                        })
                        .toList());
    }
}
