package com.example.shop.app;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.database.TestBeans;
import com.example.shop.chassis.database.TestDatabase;
import com.example.shop.chassis.messaging.EventHandler;
import com.example.shop.chassis.messaging.TestEvents;
import com.example.shop.choreography.OrderEvent;
import com.example.shop.choreography.OrderReference;
import com.example.shop.choreography.StockReserved;
import com.example.shop.inventory.ReservationSteps;
import com.example.shop.inventory.Reservations;
import com.example.shop.inventory.Stock;

import static org.assertj.core.api.Assertions.assertThat;

/** The stock follows what becomes of orders, and other services hear whether the units are reserved. */
class InventoryHandlersTest {

    private static final Money TOTAL = new Money(300, "EUR");
    private final TestDatabase database = new TestDatabase("inventory", "inventory_service");
    private final TestEvents events = new TestEvents(database, "inventory_service");
    private final EventHandler handlers;
    private final UUID order = Ids.next();
    private final UUID user = Ids.next();

    InventoryHandlersTest() {
        TestBeans beans = new TestBeans(database);
        beans.make(Reservations.class);
        ReservationSteps reservations = beans.make(ReservationSteps.class);
        handlers = TestEvents.only(
                InventoryHandlers.TYPES, new InventoryHandlers(reservations, events.outbox, events.json));
    }

    @BeforeEach
    void fill() {
        database.template.update(
                "INSERT INTO inventory.stock (sku, on_hand, reserved, supplied) VALUES ('CHAIR', 5, 0, 5)");
    }

    private void deliver(String type, int units) {
        List<OrderEvent.Line> lines = List.of(new OrderEvent.Line("CHAIR", units));
        OrderEvent.Content content = new OrderEvent.Content(order, lines, TOTAL);
        events.deliver(handlers, type, 1, new OrderEvent(user, content, Map.of()));
    }

    private Stock stock() {
        return database.client
                .sql("SELECT sku, on_hand, reserved FROM inventory.stock")
                .query((row, number) -> new Stock(row.getString(1), row.getLong(2), row.getLong(3)))
                .single();
    }

    @Test
    void theUnitsOfAPlacedOrderAreReserved() {
        deliver("OrderPlaced", 2);
        assertThat(stock()).isEqualTo(new Stock("CHAIR", 5, 2));
        assertThat(events.published()).containsExactly("StockReserved");
        assertThat(events.newest(StockReserved.class)).isEqualTo(new StockReserved(order, user, TOTAL));
    }

    @Test
    void anOrderBeyondTheStockIsRefused() {
        deliver("OrderPlaced", 6);
        assertThat(stock()).isEqualTo(new Stock("CHAIR", 5, 0));
        assertThat(events.published()).containsExactly("StockRefused");
        assertThat(events.newest(OrderReference.class)).isEqualTo(new OrderReference(order, user));
    }

    @Test
    void theUnitsOfARejectedOrderAreFreeAgain() {
        deliver("OrderPlaced", 2);
        deliver("OrderRejected", 2);
        assertThat(stock()).isEqualTo(new Stock("CHAIR", 5, 0));
    }

    @Test
    void theUnitsOfAnOrderLeaveTheStockUntilItIsCancelled() {
        deliver("OrderPlaced", 2);
        deliver("OrderConfirmed", 2);
        assertThat(stock()).isEqualTo(new Stock("CHAIR", 3, 0));
        deliver("OrderCancelled", 2);
        assertThat(stock()).isEqualTo(new Stock("CHAIR", 5, 0));
        assertThat(events.published()).containsExactly("StockReserved");
    }

    /** The rejection, for example after a timeout, comes from another topic than the order. */
    @Test
    void anOrderThatIsAlreadyRejectedReservesNothing() {
        deliver("OrderRejected", 2);
        deliver("OrderPlaced", 2);
        assertThat(stock()).isEqualTo(new Stock("CHAIR", 5, 0));
        assertThat(events.published()).containsExactly("StockRefused");
    }
}
