package com.example.shop.inventory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.database.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** Each step of a reservation takes effect once, in whichever order its repetitions arrive. */
class ReservationStepsTest {

    private final TestDatabase database = new TestDatabase("inventory");
    private final ReservationSteps steps =
            new ReservationSteps(database.template, database.transactions, new Reservations(database.template));
    private final StockService stock = new StockService(database.client, database.transactions);
    private final UUID order = Ids.next();

    private Set<UUID> reserve(UUID orderId, int units) {
        return steps.reserve(Map.of(orderId, Map.of("CHAIR", units)));
    }

    @Test
    void reservedUnitsLeaveTheStockWithTheCommit() {
        stock.put("CHAIR", 5);
        assertThat(reserve(order, 2)).containsExactly(order);
        assertThat(reserve(order, 2)).containsExactly(order);
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 5, 2));
        steps.commit(List.of(order));
        steps.commit(List.of(order));
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 3, 0));
        assertThat(reserve(order, 2)).containsExactly(order);
        steps.restock(order);
        steps.restock(order);
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 5, 0));
    }

    @Test
    void aRefusalIsFinal() {
        stock.put("CHAIR", 1);
        assertThat(reserve(order, 2)).isEmpty();
        stock.put("CHAIR", 5);
        assertThat(reserve(order, 2)).isEmpty();
        assertThat(steps.reserve(Map.of(Ids.next(), Map.of("UNKNOWN", 1)))).isEmpty();
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 5, 0));
    }

    @Test
    void aReservationAfterItsReleaseIsRefused() {
        stock.put("CHAIR", 5);
        steps.release(order);
        assertThat(reserve(order, 2)).isEmpty();
        steps.release(order);
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 5, 0));
    }

    @Test
    void releasedUnitsAreFreeAgain() {
        stock.put("CHAIR", 2);
        reserve(order, 2);
        steps.release(order);
        steps.commit(List.of(order));
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 2, 0));
        assertThat(reserve(Ids.next(), 2)).hasSize(1);
    }

    @Test
    void concurrentOrdersDoNotReserveMoreThanThereIs() throws Exception {
        stock.put("CHAIR", 10);
        List<Callable<Integer>> orders = IntStream.range(0, 40)
                .<Callable<Integer>>mapToObj(
                        number -> () -> reserve(Ids.next(), 1).size())
                .toList();
        int reserved = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(orders)) {
                reserved += done.get();
            }
        }
        assertThat(reserved).isEqualTo(10);
        assertThat(stock.read("CHAIR")).isEqualTo(new Stock("CHAIR", 10, 10));
    }
}
