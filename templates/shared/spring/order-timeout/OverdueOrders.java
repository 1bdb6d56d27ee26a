package com.example.shop.orders;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The orders that wait for other services for too long. */
@Repository
public class OverdueOrders {

    private static final int BATCH = 100;
    private final JdbcClient database;
    private final OrderRepository orders;

    OverdueOrders(JdbcClient database, OrderRepository orders) {
        this.database = database;
        this.orders = orders;
    }

    private record Found(UUID id, UUID userId) {}

    /** Returns pending orders that were placed before that time, oldest first; not all if there are many. */
    public List<OrderRecord> placedBefore(LocalDateTime time) {
        return database
                .sql("SELECT id, user_id FROM orders.\"order\" WHERE state = 'PENDING' AND created_at < ?"
                        + " ORDER BY id LIMIT " + BATCH)
                .param(time)
                .query((row, number) -> new Found(row.getObject(1, UUID.class), row.getObject(2, UUID.class)))
                .list()
                .stream()
                .map(found -> orders.find(found.userId, found.id))
                .flatMap(Optional::stream)
                .toList();
    }
}
