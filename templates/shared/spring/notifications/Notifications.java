package com.example.shop.notifications;

import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
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
    private final JdbcClient database;
    private final Transactions transactions;
    private final Inbox inbox;
    private final JsonMapper json;
    private final Sender sender;

    Notifications(JdbcClient database, Transactions transactions, JsonMapper json, Sender sender) {
        this.database = database;
        this.transactions = transactions;
        this.inbox = new Inbox(database, "notifications");
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
        if (HANDLED.contains(event.type())) {
            // Sent within the transaction: an event whose message is not sent is not recorded, but delivered again.
            transactions.run(() -> inbox.firstTime(event.id()) && notifyOf(event));
        }
    }

    private boolean notifyOf(Event event) {
        OrderEvent data = json.readValue(event.data(), OrderEvent.class);
        Message message = new Message(
                Ids.next(),
                event.id(),
                data.userId(),
                data.order().id(),
                event.type(),
                data.wording(event.type()),
                Clock.now());
        database.sql("""
                        INSERT INTO notifications.message (id, event_id, user_id, order_id, about, text, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        message.id(),
                        message.eventId(),
                        message.userId(),
                        message.orderId(),
                        message.about(),
                        message.text(),
                        message.createdAt())
                .update();
        sender.send(message);
        return true;
    }
}
