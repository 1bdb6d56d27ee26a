package com.example.shop.orders;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

import com.example.shop.chassis.Money;

/** Rows of orders joined with their lines, read as orders. */
final class OrderRows {

    static final String SELECT = """
            SELECT o.id, o.user_id, o.from_cart, o.state, o.reason, o.total, o.currency, o.created_at, o.updated_at,
            o.confirmed_at, line.sku, line.quantity, line.unit_price""";

    private OrderRows() {}

    /** An order with the columns that it does not show to its owner. */
    record Row(
            UUID userId,
            boolean fromCart,
            Order order,
            @Nullable LocalDateTime confirmedAt) {}

    /** Returns the orders; the rows of one order follow each other. */
    static List<Row> read(ResultSet rows) throws SQLException {
        List<Row> found = new ArrayList<>();
        while (rows.next()) {
            String currency = rows.getString("currency");
            UUID id = rows.getObject("id", UUID.class);
            if (found.isEmpty() || !found.getLast().order.id().equals(id)) {
                found.add(row(rows, id, currency));
            }
            Money price = new Money(rows.getLong("unit_price"), currency);
            found.getLast().order.items().add(new Order.Line(rows.getString("sku"), rows.getInt("quantity"), price));
        }
        return found;
    }

    private static Row row(ResultSet rows, UUID id, String currency) throws SQLException {
        Order order = new Order(
                id,
                OrderState.valueOf(rows.getString("state")),
                RejectionReason.of(rows.getString("reason")),
                new ArrayList<>(),
                new Money(rows.getLong("total"), currency),
                rows.getObject("created_at", LocalDateTime.class),
                rows.getObject("updated_at", LocalDateTime.class));
        return new Row(
                rows.getObject("user_id", UUID.class),
                rows.getBoolean("from_cart"),
                order,
                rows.getObject("confirmed_at", LocalDateTime.class));
    }

    /** Returns revisions of cart items by SKU. */
    static Map<String, UUID> revisions(ResultSet rows) throws SQLException {
        Map<String, UUID> revisions = new HashMap<>();
        while (rows.next()) {
            revisions.put(rows.getString("sku"), rows.getObject("revision", UUID.class));
        }
        return revisions;
    }
}
