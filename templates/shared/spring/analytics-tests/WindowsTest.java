package com.example.shop.analytics;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.example.shop.analytics.Messages.Ordered;
import com.example.shop.analytics.PartitionCounts.Progress;

import static org.assertj.core.api.Assertions.assertThat;

/** Events are counted once, at their own times, as long as a window covers these. */
class WindowsTest {

    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 1, 12, 30, 15, 500_000_000);
    private static final TopicPartition FIRST = new TopicPartition("orders.v1", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders.v1", 1);
    private static final String PLACED = "OrderPlaced";
    private static final String CONFIRMED = "OrderConfirmed";
    private final Windows windows = new Windows(Messages.JSON, NOW);
    private long offset;

    WindowsTest() {
        windows.load(FIRST, new Progress(1, 0), Map.of());
        windows.load(SECOND, new Progress(1, 0), Map.of());
    }

    private void count(byte[]... values) {
        List<ConsumerRecord<String, byte[]>> messages = Arrays.stream(values)
                .map(value -> new ConsumerRecord<>(FIRST.topic(), FIRST.partition(), offset++, "k", value))
                .toList();
        windows.count(FIRST, messages);
        // Delivered again.
        windows.count(FIRST, messages);
    }

    private Summary summary() {
        return summary(NOW);
    }

    private Summary summary(LocalDateTime time) {
        return windows.summary(time, "EUR");
    }

    private static LocalDateTime ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }

    @Test
    void placedOrdersAreCountedBySecond() {
        count(
                Messages.order(PLACED, ago(0)),
                Messages.order(PLACED, ago(1)),
                Messages.order(PLACED, ago(1)),
                Messages.order(PLACED, ago(60)),
                Messages.order(PLACED, ago(61)));
        long[] expected = new long[60];
        expected[0] = 1;
        expected[59] = 2;
        assertThat(summary().ordersPerSecond()).isEqualTo(expected);
    }

    @Test
    void revenueIsCountedByMinuteAndRefundsTogether() {
        count(
                Messages.order(CONFIRMED, ago(0), new Ordered("A", 2, 50)),
                Messages.order(CONFIRMED, ago(16), new Ordered("A", 1, 7)),
                Messages.order(CONFIRMED, ago(3600), new Ordered("A", 1, 1000)),
                Messages.order("OrderCancelled", ago(30), new Ordered("A", 1, 9)),
                Messages.order("OrderRejected", ago(30), new Ordered("A", 1, 9)));
        Summary summary = summary();
        assertThat(summary.revenuePerMinute()).hasSize(60).endsWith(7, 100);
        assertThat(Arrays.stream(summary.revenuePerMinute()).sum()).isEqualTo(107);
        assertThat(summary.refunded()).isEqualTo(9);
    }

    @Test
    void conversionIsConfirmedOrdersPerView() {
        count(Messages.order(CONFIRMED, ago(5), new Ordered("A", 1, 1)));
        assertThat(summary().conversion()).isEqualTo(new Summary.Conversion(0, 1, null));
        count(Messages.view(ago(5)), Messages.view(ago(65)));
        assertThat(summary().conversion()).isEqualTo(new Summary.Conversion(2, 1, 0.5));
    }

    @Test
    void theTopProductsAreTheTenWithTheMostUnitsSold() {
        IntStream.rangeClosed(0, 11)
                .forEach(number -> count(Messages.order(
                        CONFIRMED, ago(5), new Ordered("P" + (char) ('A' + number), Math.max(number, 2), 10))));
        assertThat(summary().topProducts())
                .hasSize(10)
                .startsWith(new Summary.TopProduct("PL", 11, 110))
                .endsWith(new Summary.TopProduct("PD", 3, 30), new Summary.TopProduct("PA", 2, 20));
    }

    @Test
    void salesLeaveTheWindowWithTheirMinute() {
        count(
                Messages.order(CONFIRMED, ago(3500), new Ordered("A", 5, 1), new Ordered("B", 1, 1)),
                Messages.order(CONFIRMED, ago(5), new Ordered("A", 2, 1)));
        assertThat(summary().topProducts())
                .containsExactly(new Summary.TopProduct("A", 7, 7), new Summary.TopProduct("B", 1, 1));
        assertThat(summary(NOW.plusMinutes(5)).topProducts()).containsExactly(new Summary.TopProduct("A", 2, 2));
    }

    @Test
    void anEventThatWasPublishedTwiceIsCountedOnce() {
        byte[] order = Messages.order(UUID.randomUUID(), CONFIRMED, ago(5), new Ordered("A", 1, 1));
        count(order, order);
        assertThat(summary().conversion().confirmed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"type\": \"OrderConfirmed\"}"})
    void aMessageThatIsNoEventIsSkipped(String poison) {
        byte[] withoutOrder = Messages.event(UUID.randomUUID(), CONFIRMED, ago(5), Map.of("other", 1));
        count(poison.getBytes(StandardCharsets.UTF_8), withoutOrder, Messages.view(ago(5)));
        assertThat(summary().conversion()).isEqualTo(new Summary.Conversion(1, 0, 0.0));
    }

    @Test
    void storedCountsAreLoadedAsTheyWere() {
        byte[] repeated = Messages.order(UUID.randomUUID(), CONFIRMED, ago(5), new Ordered("A", 3, 2));
        count(repeated, Messages.order(PLACED, ago(70)), Messages.view(ago(3000)));
        Windows.Changes changes = windows.changes(FIRST);
        Windows other = new Windows(Messages.JSON, NOW);
        other.load(FIRST, new Progress(1, changes.position()), changes.buckets());
        other.count(FIRST, List.of(new ConsumerRecord<>(FIRST.topic(), 0, changes.position(), "k", repeated)));
        assertThat(other.summary(NOW, "EUR")).usingRecursiveComparison().isEqualTo(summary());
        windows.stored(changes);
        assertThat(windows.changes(FIRST).buckets()).isEmpty();
    }

    @Test
    void aPartitionOfAnotherGenerationReplacesItsCounts() {
        count(Messages.order(CONFIRMED, ago(5), new Ordered("A", 3, 2)));
        windows.load(FIRST, new Progress(2, 7), Map.of());
        assertThat(summary().topProducts()).isEmpty();
        assertThat(windows.positions()).isEqualTo(Map.of(FIRST, 7L, SECOND, 0L));
    }
}
