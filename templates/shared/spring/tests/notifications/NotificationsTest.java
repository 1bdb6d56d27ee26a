package com.example.shop.notifications;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.Clock;
import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.Event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An event causes one message, although it may arrive several times. */
class NotificationsTest {

    private final TestDatabase database = new TestDatabase("notifications");
    private final List<UUID> sent = new ArrayList<>();
    private boolean failing;
    private final Notifications notifications =
            new Notifications(database.client, database.transactions, JsonMapper.shared(), this::send);

    private void send(Message message) {
        if (failing) {
            throw new IllegalStateException("planted");
        }
        sent.add(message.eventId());
    }

    private static Event event(String type) {
        Map<String, Object> order = Map.of("id", Ids.next(), "total", Map.of("amount", 150, "currency", "EUR"));
        String data = JsonMapper.shared().writeValueAsString(Map.of("userId", Ids.next(), "order", order));
        return new Event(Ids.next(), type, 1, Clock.now(), "key", null, data);
    }

    @Test
    void aRepeatedEventSendsOneMessage() {
        Event confirmed = event("OrderConfirmed");
        notifications.handle(confirmed);
        notifications.handle(confirmed);
        assertThat(sent).containsExactly(confirmed.id());
    }

    @Test
    void aMessageThatCouldNotBeSentIsSentWhenTheEventArrivesAgain() {
        Event rejected = event("OrderRejected");
        failing = true;
        assertThatThrownBy(() -> notifications.handle(rejected)).hasMessage("planted");
        failing = false;
        notifications.handle(rejected);
        assertThat(sent).containsExactly(rejected.id());
    }

    @Test
    void aPlacedOrderSendsNothing() {
        notifications.handle(event("OrderPlaced"));
        assertThat(sent).isEmpty();
    }
}
