package com.example.shop.inventory;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;

/** Reads and sets the units on hand, for administrators. */
@Service
public class StockService {

    private final JdbcClient database;
    private final Transactions transactions;

    StockService(JdbcClient database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /** Returns the stock of the SKU. */
    Stock read(String sku) {
        return find(sku).orElseThrow(() -> Problem.notFound("There is no stock of " + sku + '.'));
    }

    /** Sets the units on hand of a new or known SKU; throws the problem {@code stock-below-reserved}. */
    public Stock put(String sku, long onHand) {
        // A concurrent request may create the row first.
        return transactions.runUntilUnique(() -> {
            Optional<Stock> found = find(sku);
            if (found.isEmpty()) {
                database.sql("INSERT INTO inventory.stock (sku, on_hand, reserved, supplied) VALUES (?, ?, 0, ?)")
                        .params(sku, onHand, onHand)
                        .update();
                return new Stock(sku, onHand, 0);
            }
            // Some databases assign columns one after another, and supplied needs the previous on_hand.
            int updated = database.sql("""
                            UPDATE inventory.stock SET supplied = supplied + ? - on_hand, on_hand = ?
                            WHERE sku = ? AND reserved <= ?""").params(onHand, onHand, sku, onHand).update();
            Stock stock = read(sku);
            if (updated == 0) {
                throw Problem.conflict(
                        "stock-below-reserved", stock.reserved() + " units are reserved; set at least that many.");
            }
            return stock;
        });
    }

    private Optional<Stock> find(String sku) {
        return database.sql("SELECT sku, on_hand, reserved FROM inventory.stock WHERE sku = ?")
                .param(sku)
                .query((row, number) -> new Stock(row.getString(1), row.getLong(2), row.getLong(3)))
                .optional();
    }
}
