package com.example.shop.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The data of all contexts at one moment. */
public final class AuditSnapshot {

    /** Stock by SKU. */
    public final Map<String, Stock> stock = new HashMap<>();
    /** The states of reservations by order. */
    public final Map<UUID, String> reservations = new HashMap<>();
    /** Orders by id. */
    public final Map<UUID, Order> orders = new HashMap<>();
    /** Units in confirmed orders by SKU. */
    public final Map<String, Long> sold = new HashMap<>();
    /** The stored responses to order requests. */
    public final List<Response> responses = new ArrayList<>();
    /** How many events of each context wait for delivery. */
    public final Map<String, Long> waiting = new HashMap<>();
    /** The events that could not be delivered. */
    public final List<String> dead = new ArrayList<>();
    /** The sum of all ledger entries. */
    public long ledgerTotal;
    /** Wallets by user. */
    public final Map<UUID, Wallet> wallets = new HashMap<>();
    /** Debits and refunds by order. */
    public final Map<UUID, List<Payment>> payments = new HashMap<>();
    /** The types of the events of which each order's user was notified. */
    public final Map<UUID, List<String>> notified = new HashMap<>();
    /** Violations that contexts find in their own data, by invariant. */
    final Map<String, List<String>> violations = new HashMap<>();
    /** What contexts count, in addition to the above. */
    public final Map<String, Long> counts = new HashMap<>();

    /** Orders that changed while the snapshot was taken, so that their parts may disagree. */
    public final Set<UUID> inFlight = new HashSet<>();

    /** One SKU: units on hand, reserved, held (the sum of its open reservations), and ever supplied. */
    public record Stock(long onHand, long reserved, long held, long supplied) {}

    /** An order: its owner, its state and its total in minor units. */
    public record Order(UUID userId, String state, long total) {}

    /** A stored response: the order that it names, and the user who got it. */
    public record Response(UUID orderId, UUID userId) {}

    /** A wallet's stored balance, and the sum of its ledger entries. */
    public record Wallet(long balance, long entered) {}

    /** A debit or refund for an order; the amount is positive. */
    public record Payment(UUID userId, String kind, long amount) {}

    /** Adds a violation that a context has found in its own data. */
    public void violated(String invariant, String violation) {
        violations.computeIfAbsent(invariant, name -> new ArrayList<>()).add(violation);
    }

    /** Returns how many events of all contexts wait for delivery. */
    public long undelivered() {
        return waiting.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns whether no order, reservation or event is in progress. */
    boolean atRest() {
        return undelivered() == 0
                && inFlight.isEmpty()
                && !reservations.containsValue("HELD")
                && orders.values().stream().noneMatch(order -> order.state.equals("PENDING"));
    }
}
