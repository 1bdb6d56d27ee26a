package com.example.shop.chassis.messaging;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.tracing.Traces;

import static org.assertj.core.api.Assertions.assertThat;

/** A relay delivers each event at least once, and those of one key in their order. */
class RelayTest {

    private final TestDatabase database = new TestDatabase("orders");
    private final Outbox outbox = new Outbox(database.client, JsonMapper.shared(), "orders", Traces.NONE);
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failing = new ArrayList<>();
    private final Relay relay = relay();

    private Relay relay() {
        EventHandler handler = event -> {
            if (failing.contains(event.type())) {
                throw new IllegalStateException("planted");
            }
            handled.add(event.key() + ' ' + event.type());
        };
        return new Relay(outbox, database.template, database.transactions, List.of(handler));
    }

    private void append(String key, String... types) {
        database.transactions.run(() -> {
            for (String type : types) {
                outbox.append(type, key, Map.of());
            }
            return null;
        });
    }

    private void deliverAll() {
        // A failed event is due again later.
        database.template.update("UPDATE orders.outbox SET due_at = TIMESTAMP '2000-01-01 00:00:00'");
        while (relay.deliverDue() > 0) {
            assertThat(handled).hasSizeLessThan(1000);
        }
    }

    @Test
    void theEventsOfAKeyArriveInTheirOrder() {
        append("a", "first", "second", "third");
        deliverAll();
        assertThat(handled).containsExactly("a first", "a second", "a third");
        assertThat(outbox.backlog()).isEqualTo(new Outbox.Backlog(0, null, List.of()));
    }

    @Test
    void aFailedEventHoldsUpItsKeyOnly() {
        append("a", "bad", "second");
        append("b", "first");
        failing.add("bad");
        deliverAll();
        assertThat(handled).containsExactly("b first");
        failing.clear();
        deliverAll();
        assertThat(handled).containsExactly("b first", "a bad", "a second");
    }

    @Test
    void eventsOfDifferentKeysAreHandledTogetherUnlessOneFails() {
        List<Integer> sizes = new ArrayList<>();
        EventHandler handler = new EventHandler() {
            @Override
            public void handle(Event event) {
                handleAll(List.of(event));
            }

            @Override
            public void handleAll(List<Event> events) {
                sizes.add(events.size());
                if (events.stream().map(Event::type).anyMatch(failing::contains)) {
                    throw new IllegalStateException("planted");
                }
            }
        };
        Relay together = new Relay(outbox, database.template, database.transactions, List.of(handler));
        append("a", "first");
        append("b", "second");
        together.deliverDue();
        append("a", "first");
        append("b", "second");
        failing.add("first");
        together.deliverDue();
        assertThat(sizes).containsExactly(2, 2, 1, 1);
        assertThat(outbox.backlog().waiting()).isEqualTo(1);
    }

    @Test
    void theFailureOfOneHandlerKeepsNoOtherFromTheEvent() {
        EventHandler unavailable = event -> {
            throw new IllegalStateException("planted");
        };
        EventHandler other = event -> handled.add(event.type());
        Relay both = new Relay(outbox, database.template, database.transactions, List.of(unavailable, other));
        append("a", "first");
        append("b", "second");
        both.deliverDue();
        assertThat(handled).containsExactly("first", "second");
        assertThat(outbox.backlog().waiting()).isEqualTo(2);
    }

    @Test
    void anEventThatFailsOftenBecomesADeadLetterAndCanBeRedriven() {
        append("a", "bad", "second");
        failing.add("bad");
        for (int attempt = 0; attempt < 8; attempt++) {
            deliverAll();
        }
        assertThat(handled).containsExactly("a second");
        Outbox.DeadLetter dead = outbox.backlog().dead().getFirst();
        assertThat(dead.type()).isEqualTo("bad");
        failing.clear();
        assertThat(outbox.redrive(dead.id())).isTrue();
        assertThat(outbox.redrive(dead.id())).isFalse();
        deliverAll();
        assertThat(handled).containsExactly("a second", "a bad");
    }

    @Test
    void aWaitForTheReceiverIsNoFailedAttempt() {
        Relay waiting = new Relay(outbox, database.template, database.transactions, List.of()) {
            @Override
            protected List<RuntimeException> deliver(List<Event> events) {
                throw new DeliveryUnavailable("planted", new IllegalStateException());
            }
        };
        append("a", "first");
        assertThat(waiting.deliverDue()).isZero();
        assertThat(database.template.queryForObject("SELECT attempts FROM orders.outbox", Integer.class))
                .isZero();
        deliverAll();
        assertThat(handled).containsExactly("a first");
    }

    @Test
    void anEventWhoseHandlerWaitsIsNoDeadLetter() {
        EventHandler waiting = event -> {
            if (event.key().equals("a")) {
                throw new DeliveryUnavailable("planted", new IllegalStateException());
            }
            handled.add(event.key() + ' ' + event.type());
        };
        Relay relay = new Relay(outbox, database.template, database.transactions, List.of(waiting));
        append("a", "first");
        append("b", "second");
        for (int attempt = 0; attempt < 9; attempt++) {
            relay.deliverDue();
            database.template.update("UPDATE orders.outbox SET due_at = TIMESTAMP '2000-01-01 00:00:00'");
        }
        assertThat(handled).containsExactly("b second");
        assertThat(outbox.backlog().dead()).isEmpty();
        deliverAll();
        assertThat(handled).containsExactly("b second", "a first");
    }

    @Test
    void severalRelaysDeliverEachEventOnce() throws Exception {
        for (int key = 0; key < 50; key++) {
            append("key-" + key, "first", "second");
        }
        List<Callable<Void>> relays = Collections.nCopies(4, () -> {
            Relay own = relay();
            while (outbox.backlog().waiting() > 0) {
                own.deliverDue();
            }
            return null;
        });
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(relays)) {
                done.get();
            }
        }
        assertThat(handled).hasSize(100).doesNotHaveDuplicates();
        for (int key = 0; key < 50; key++) {
            assertThat(handled).containsSubsequence("key-" + key + " first", "key-" + key + " second");
        }
    }
}
