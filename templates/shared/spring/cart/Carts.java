package com.example.shop.cart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;

import com.example.shop.chassis.Ids;
import com.example.shop.chassis.Money;
import com.example.shop.chassis.ShopSettings;
import com.example.shop.chassis.database.Statements;
import com.example.shop.chassis.database.Transactions;
import com.example.shop.chassis.http.Problem;

/** The carts of all users. Quantities are stored; names and prices come from the catalog when a cart is shown. */
@Service
public class Carts {

    private static final int MAX_ITEMS = 50;
    private final JdbcTemplate database;
    private final Transactions transactions;
    private final Products products;
    private final String currency;

    Carts(JdbcTemplate database, Transactions transactions, Products products, ShopSettings settings) {
        this.database = database;
        this.transactions = transactions;
        this.products = products;
        this.currency = settings.currency();
    }

    /** Returns the cart by SKU, without products that no longer exist. */
    Cart view(UUID userId) {
        Map<String, StoredItem> stored = items(userId);
        Map<String, Products.Shown> found = stored.isEmpty() ? Map.of() : products.find(stored.keySet());
        List<Cart.Item> items = new ArrayList<>();
        stored.forEach((sku, item) -> {
            Products.Shown product = found.get(sku);
            if (product != null) {
                items.add(new Cart.Item(sku, product.name(), item.quantity(), product.price()));
            }
        });
        long total = items.stream()
                .mapToLong(item -> item.quantity() * item.unitPrice().amount())
                .sum();
        return new Cart(items, new Money(total, currency));
    }

    /** Returns the items of the cart by SKU. */
    public Map<String, StoredItem> items(UUID userId) {
        Map<String, StoredItem> items = new TreeMap<>();
        database.query(
                "SELECT sku, quantity, revision FROM cart.cart_item WHERE user_id = ?",
                row -> {
                    items.put(row.getString(1), new StoredItem(row.getInt(2), row.getObject(3, UUID.class)));
                },
                userId);
        return items;
    }

    /** Sets an item's quantity, and returns the cart. */
    Cart put(UUID userId, String sku, int quantity) {
        if (!products.find(Set.of(sku)).containsKey(sku)) {
            throw Problem.notFound("There is no product " + sku + '.');
        }
        // A concurrent request of the same user may add the item first.
        transactions.runUntilUnique(() -> store(userId, sku, quantity));
        return view(userId);
    }

    private int store(UUID userId, String sku, int quantity) {
        UUID revision = Ids.next();
        int updated = database.update(
                "UPDATE cart.cart_item SET quantity = ?, revision = ? WHERE user_id = ? AND sku = ?",
                quantity,
                revision,
                userId,
                sku);
        if (updated > 0) {
            return updated;
        }
        // Locked, so that concurrent requests count what the others have added.
        database.queryForList(
                "SELECT sku FROM cart.cart_item WHERE user_id = ? ORDER BY sku FOR UPDATE", String.class, userId);
        Integer count =
                database.queryForObject("SELECT COUNT(*) FROM cart.cart_item WHERE user_id = ?", Integer.class, userId);
        if (count != null && count >= MAX_ITEMS) {
            throw Problem.validation("", "A cart can hold at most " + MAX_ITEMS + " different items.");
        }
        return database.update(
                "INSERT INTO cart.cart_item (user_id, sku, quantity, revision) VALUES (?, ?, ?, ?)",
                userId,
                sku,
                quantity,
                revision);
    }

    /** Removes the items that still have these revisions, by SKU; items changed since then stay. */
    public void removeRevisions(UUID userId, Map<String, UUID> revisions) {
        Statements statements = new Statements();
        removeRevisions(statements, userId, revisions);
        statements.run(database);
    }

    /** Adds the statements that remove items of these revisions. */
    public void removeRevisions(Statements statements, UUID userId, Map<String, UUID> revisions) {
        revisions.forEach((sku, revision) -> statements.add(
                "DELETE FROM cart.cart_item WHERE user_id = ? AND sku = ? AND revision = ?", userId, sku, revision));
    }

    /** Removes one item from the cart, if it is there. */
    void remove(UUID userId, String sku) {
        transactions.run(
                () -> database.update("DELETE FROM cart.cart_item WHERE user_id = ? AND sku = ?", userId, sku));
    }

    /** Removes all items from the cart. */
    void empty(UUID userId) {
        transactions.run(() -> database.update("DELETE FROM cart.cart_item WHERE user_id = ?", userId));
    }
}
