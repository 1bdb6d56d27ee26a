package com.example.shop.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The shop's invariants (I1 to I10), checked against a snapshot of all contexts. */
public final class Invariants {

    private static final List<String> STATES = List.of("PENDING", "CONFIRMED", "REJECTED", "CANCELLED");
    private static final String NONE = "none";
    private static final Map<String, Set<String>> RESERVATIONS = Map.of(
            "PENDING", Set.of(NONE, "HELD", "COMMITTED", "RELEASED", "REFUSED"),
            "CONFIRMED", Set.of("COMMITTED"),
            "REJECTED", Set.of(NONE, "REFUSED", "RELEASED"),
            "CANCELLED", Set.of("RESTOCKED"));
    private static final List<String> REFUNDED = List.of("debit", "refund");
    private final AuditSnapshot snapshot;
    private final Map<String, List<String>> violations = new LinkedHashMap<>();

    private Invariants(AuditSnapshot snapshot) {
        this.snapshot = snapshot;
        for (int number = 1; number <= 10; number++) {
            violations.put("I" + number, new ArrayList<>());
        }
    }

    /** Checks all invariants. */
    public static AuditReport check(AuditSnapshot snapshot) {
        Invariants invariants = new Invariants(snapshot);
        invariants.checkStock();
        invariants.checkMoney();
        snapshot.orders.forEach(invariants::checkOrder);
        invariants.checkResponses();
        invariants.checkOrphans();
        snapshot.violations.forEach((name, found) -> found.forEach(each -> invariants.violated(name, each)));
        return invariants.report();
    }

    private AuditReport report() {
        Map<String, AuditReport.Finding> findings = new LinkedHashMap<>();
        violations.forEach((name, found) -> findings.put(name, new AuditReport.Finding(found.isEmpty(), found)));
        boolean ok = violations.values().stream().allMatch(List::isEmpty);
        return new AuditReport(snapshot.atRest(), ok, findings, counts());
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("orders", (long) snapshot.orders.size());
        for (String state : STATES) {
            long count = snapshot.orders.values().stream()
                    .filter(order -> order.state().equals(state))
                    .count();
            counts.put("orders_" + state.toLowerCase(Locale.ROOT), count);
        }
        counts.put("skus", (long) snapshot.stock.size());
        counts.put("wallets", (long) snapshot.wallets.size());
        counts.put(
                "messages",
                snapshot.notified.values().stream().mapToLong(List::size).sum());
        counts.put("outbox_waiting", snapshot.undelivered());
        counts.put("outbox_dead", (long) snapshot.dead.size());
        counts.putAll(snapshot.counts);
        return counts;
    }

    private void violated(String invariant, String violation) {
        violations.getOrDefault(invariant, new ArrayList<>()).add(violation);
    }

    private void checkStock() {
        snapshot.stock.forEach((sku, stock) -> {
            if (stock.reserved() < 0 || stock.reserved() > stock.onHand()) {
                violated("I1", "%s: %d of %d units are reserved".formatted(sku, stock.reserved(), stock.onHand()));
            }
            if (stock.reserved() != stock.held()) {
                violated(
                        "I1",
                        "%s: %d units are reserved, but the reservations add up to %d"
                                .formatted(sku, stock.reserved(), stock.held()));
            }
            long sold = snapshot.sold.getOrDefault(sku, 0L);
            if (snapshot.atRest() && stock.supplied() != stock.onHand() + sold) {
                violated(
                        "I2",
                        "%s: %d units supplied, but %d on hand and %d sold"
                                .formatted(sku, stock.supplied(), stock.onHand(), sold));
            }
        });
        snapshot.sold.forEach((sku, sold) -> {
            if (snapshot.atRest() && !snapshot.stock.containsKey(sku)) {
                violated("I2", "%s: %d units were sold, but it was never in stock".formatted(sku, sold));
            }
        });
    }

    private void checkMoney() {
        if (snapshot.ledgerTotal != 0) {
            violated("I3", "the ledger adds up to %d instead of 0".formatted(snapshot.ledgerTotal));
        }
        snapshot.wallets.forEach((userId, wallet) -> {
            if (wallet.balance() < 0) {
                violated("I3", "the balance of %s is %d".formatted(userId, wallet.balance()));
            }
            if (wallet.balance() != wallet.entered()) {
                violated(
                        "I3",
                        "the balance of %s is %d, but its entries add up to %d"
                                .formatted(userId, wallet.balance(), wallet.entered()));
            }
        });
    }

    private void checkOrder(UUID id, AuditSnapshot.Order order) {
        List<AuditSnapshot.Payment> payments = snapshot.payments.getOrDefault(id, List.of());
        if (!snapshot.inFlight.contains(id)) {
            checkSettled(id, order, payments);
        }
        if (payments.stream().anyMatch(payment -> !payment.userId().equals(order.userId()))) {
            violated("I10", "order %s was paid by another user".formatted(id));
        }
        List<String> notified = sorted(snapshot.notified.getOrDefault(id, List.of()), Function.identity());
        List<String> expected = expectedEvents(order.state());
        if (!expected.containsAll(notified) || notified.size() > expected.size()) {
            violated("I7", "%s order %s has unexpected notifications %s".formatted(order.state(), id, notified));
        }
        if (snapshot.atRest() && snapshot.dead.isEmpty() && !notified.equals(expected)) {
            violated("I9", "%s order %s has the notifications %s".formatted(order.state(), id, notified));
        }
    }

    private void checkSettled(UUID id, AuditSnapshot.Order order, List<AuditSnapshot.Payment> payments) {
        List<String> kinds = sorted(payments, AuditSnapshot.Payment::kind);
        if (!arePossible(order.state(), kinds)) {
            violated("I4", "%s order %s has the payments %s".formatted(order.state(), id, kinds));
        }
        if (payments.stream().anyMatch(payment -> payment.amount() != order.total())) {
            violated("I4", "order %s has a payment that differs from its total of %d".formatted(id, order.total()));
        }
        String reservation = snapshot.reservations.getOrDefault(id, NONE);
        if (!RESERVATIONS.getOrDefault(order.state(), Set.of()).contains(reservation)) {
            violated("I5", "%s order %s has the reservation %s".formatted(order.state(), id, reservation));
        }
    }

    private static boolean arePossible(String state, List<String> payments) {
        return switch (state) {
            case "CONFIRMED" -> payments.equals(List.of("debit"));
            case "CANCELLED" -> payments.equals(REFUNDED);
            case "REJECTED" -> payments.isEmpty() || payments.equals(REFUNDED);
            default -> true;
        };
    }

    private static List<String> expectedEvents(String state) {
        return switch (state) {
            case "CONFIRMED" -> List.of("OrderConfirmed");
            case "REJECTED" -> List.of("OrderRejected");
            case "CANCELLED" -> List.of("OrderCancelled", "OrderConfirmed");
            default -> List.of();
        };
    }

    private void checkResponses() {
        Map<UUID, Long> responses = snapshot.responses.stream()
                .collect(Collectors.groupingBy(AuditSnapshot.Response::orderId, Collectors.counting()));
        for (UUID id : snapshot.orders.keySet()) {
            long stored = responses.getOrDefault(id, 0L);
            if (stored != 1) {
                violated("I6", "order %s has %d stored responses instead of 1".formatted(id, stored));
            }
        }
        for (AuditSnapshot.Response response : snapshot.responses) {
            AuditSnapshot.Order order = snapshot.orders.get(response.orderId());
            if (order == null) {
                violated("I8", "order %s has a stored response but does not exist".formatted(response.orderId()));
            } else if (!order.userId().equals(response.userId())) {
                violated("I10", "the response for order %s belongs to another user".formatted(response.orderId()));
            }
        }
    }

    private void checkOrphans() {
        for (UUID id : snapshot.payments.keySet()) {
            if (!snapshot.orders.containsKey(id)) {
                violated("I4", "there are payments for %s, but no such order".formatted(id));
            }
        }
        for (UUID id : snapshot.reservations.keySet()) {
            if (!snapshot.orders.containsKey(id)) {
                violated("I5", "there is a reservation for %s, but no such order".formatted(id));
            }
        }
        snapshot.dead.forEach(event -> violated("I9", "%s could not be delivered".formatted(event)));
    }

    private static <T> List<String> sorted(List<T> values, Function<T, String> text) {
        return values.stream().map(text).sorted().toList();
    }
}
