package com.example.shop.notifications;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
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
    private final List<UUID> sent = new CopyOnWriteArrayList<>();
    private final Set<UUID> failing = new HashSet<>();
    private final Notifications notifications =
            new Notifications(database.template, database.transactions, JsonMapper.shared(), this::send);

    private void send(Message message) {
        if (failing.contains(message.eventId())) {
            throw new IllegalStateException("planted");
        }
        sent.add(message.eventId());
    }

    private List<UUID> recorded() {
        return database.template.queryForList("SELECT event_id FROM notifications.message", UUID.class);
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
        failing.add(rejected.id());
        assertThatThrownBy(() -> notifications.handle(rejected)).hasMessage("planted");
        failing.clear();
        notifications.handle(rejected);
        assertThat(sent).containsExactly(rejected.id());
    }

    @Test
    void aMessageThatCouldNotBeSentDoesNotMakeOthersBeSentTwice() {
        Event good = event("OrderConfirmed");
        Event bad = event("OrderConfirmed");
        failing.add(bad.id());
        assertThatThrownBy(() -> notifications.handleAll(List.of(bad, good))).hasMessage("planted");
        assertThat(recorded()).containsExactly(good.id());
        failing.clear();
        notifications.handleAll(List.of(bad, good));
        assertThat(sent).containsExactly(good.id(), bad.id());
        assertThat(recorded()).containsExactlyInAnyOrder(good.id(), bad.id());
    }

    @Test
    void eventsThatArriveTogetherSendAMessageEach() {
        List<Event> many =
                Stream.generate(() -> event("OrderCancelled")).limit(60).toList();
        notifications.handleAll(many);
        assertThat(sent)
                .containsExactlyInAnyOrderElementsOf(
                        many.stream().map(Event::id).toList());
    }

    @Test
    void aPlacedOrderSendsNothing() {
        notifications.handle(event("OrderPlaced"));
        assertThat(sent).isEmpty();
    }
}
