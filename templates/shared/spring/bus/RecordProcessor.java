package com.example.shop.chassis.messaging.bus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;

import com.example.shop.chassis.database.TableMissing;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.messaging.Event;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.tracing.Traces;

/**
 * Handles the messages of a consumer group in order per key, with retries and dead letters.
 *
 * <p>An event that fails is retried a few times immediately, then through the retry topics, and finally becomes a dead
 * letter. To keep the order, later events of its key are parked behind it in the same topics; they proceed once it is a
 * dead letter. A message that is no event becomes a dead letter at once. One that, with the headers of a retry, is larger
 * than the bus accepts becomes a dead letter without its content. While the database or the bus does not answer, or a
 * table moves to another database, processing throws, and nothing counts as an attempt.
 */
class RecordProcessor {

    private static final Logger log = LoggerFactory.getLogger(RecordProcessor.class);
    private static final int MAX_ATTEMPTS = 3;
    private static final long FIRST_PAUSE_MILLIS = 100;
    // Low, because the requests of the process need connections to the database, too.
    private static final int MAX_CONCURRENT = 4;

    private final EventHandler handler;
    private final RetryPath path;
    private final Publisher publisher;
    private final JdbcClient database;
    private final Transactions transactions;
    private final BlockedKeys blockedKeys;
    private final ApplicationEventPublisher listeners;
    private final Traces traces;

    RecordProcessor(
            EventHandler handler,
            RetryPath path,
            Publisher publisher,
            JdbcClient database,
            Transactions transactions,
            BlockedKeys blockedKeys,
            ApplicationEventPublisher listeners,
            Traces traces) {
        this.handler = handler;
        this.path = path;
        this.publisher = publisher;
        this.database = database;
        this.transactions = transactions;
        this.blockedKeys = blockedKeys;
        this.listeners = listeners;
        this.traces = traces;
    }

    /** Handles, parks or dead-letters the deliveries; afterwards their offsets may be committed. */
    void process(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        Map<Delivery.Queue, List<Delivery>> queues = deliveries.stream()
                .collect(Collectors.groupingBy(Delivery::queue, LinkedHashMap::new, Collectors.toList()));
        Map<Delivery.Queue, Set<Long>> blocked = blockedKeys.find(
                queues.keySet().stream().map(Delivery.Queue::key).collect(Collectors.toSet()));
        List<Future<?>> running;
        // Closing it waits for all of them.
        try (ExecutorService threads =
                Executors.newFixedThreadPool(MAX_CONCURRENT, Thread.ofVirtual().factory())) {
            running = queues.entrySet().stream()
                    .<Future<?>>map(each -> threads.submit(() ->
                            processInOrder(each.getValue(), blocked.getOrDefault(each.getKey(), new TreeSet<>()))))
                    .toList();
        }
        running.forEach(RecordProcessor::rethrow);
    }

    private static void rethrow(Future<?> done) {
        try {
            done.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void processInOrder(List<Delivery> queue, Set<Long> blocked) {
        for (Delivery delivery : queue) {
            boolean waits = false;
            try {
                waits = waits(delivery, blocked);
            } catch (MessageRefused refused) {
                deadLetter(delivery, path.reference(delivery, refused), refused);
            }
            if (waits) {
                blocked.add(delivery.position());
            } else {
                blocked.remove(delivery.position());
            }
        }
    }

    /** Handles, parks or dead-letters the delivery; returns whether it is in a retry topic now. */
    private boolean waits(Delivery delivery, Set<Long> blocked) {
        if (isBlocked(delivery, blocked)) {
            block(delivery);
            publisher.publish(path.retryBehind(delivery));
            listeners.publishEvent(EventOutcome.PARKED);
            return true;
        }
        RuntimeException failure = handle(delivery);
        if (failure == null) {
            if (delivery.stage() > 0) {
                unblock(delivery);
            }
            listeners.publishEvent(EventOutcome.HANDLED);
            return false;
        }
        if (failure instanceof JacksonException || path.isLast(delivery)) {
            deadLetter(delivery, path.deadLetter(delivery, failure), failure);
            return false;
        }
        Message retried = path.retry(delivery, failure);
        log.warn("{} failed; retrying through {}: {}", delivery, retried.topic(), failure.toString());
        // Before the message, which might otherwise be handled before its key is blocked.
        block(delivery);
        publisher.publish(retried);
        listeners.publishEvent(EventOutcome.RETRIED);
        return true;
    }

    private void deadLetter(Delivery delivery, Message message, RuntimeException failure) {
        log.error("{} failed for good and is a dead letter", delivery, failure);
        publisher.publish(message);
        unblock(delivery);
        listeners.publishEvent(EventOutcome.DEAD);
    }

    private static boolean isBlocked(Delivery delivery, Set<Long> blocked) {
        // A blocked event in its original topic was parked before a crash, so its own row blocks it, too.
        long last = delivery.stage() == 0 ? delivery.position() : delivery.position() - 1;
        return blocked.stream().anyMatch(position -> position <= last);
    }

    /** Handles the event; returns the failure of the last attempt, or null. */
    private @Nullable RuntimeException handle(Delivery delivery) {
        for (int attempt = 1; ; attempt++) {
            try {
                deliver(delivery);
                return null;
            } catch (JacksonException malformed) {
                listeners.publishEvent(EventOutcome.FAILED);
                return malformed;
            } catch (TableMissing moved) {
                throw moved;
            } catch (RuntimeException failure) {
                listeners.publishEvent(EventOutcome.FAILED);
                database.sql("SELECT 1").query(Long.class).single();
                if (attempt == MAX_ATTEMPTS) {
                    return failure;
                }
                pause(attempt);
            }
        }
    }

    private void deliver(Delivery delivery) {
        Event event = Envelope.event(delivery.message().value());
        traces.delivering(event.type(), event.traceparent(), delivery.topic(), () -> handler.handle(event));
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(FIRST_PAUSE_MILLIS << attempt);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private void block(Delivery delivery) {
        transactions.run(() -> {
            blockedKeys.add(delivery);
            return delivery;
        });
    }

    private void unblock(Delivery delivery) {
        transactions.run(() -> {
            blockedKeys.remove(delivery);
            return delivery;
        });
    }
}
