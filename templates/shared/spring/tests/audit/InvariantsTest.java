package com.example.shop.audit;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The audit of a sound shop finds nothing, and finds each kind of damage. */
class InvariantsTest {

    private static final UUID USER = new UUID(7, 1);
    private static final UUID OTHER = new UUID(7, 2);
    private static final UUID ORDER = new UUID(7, 3);

    /** Returns a shop that has sold 2 of 10 units for 300. */
    private static AuditSnapshot soundShop() {
        AuditSnapshot shop = new AuditSnapshot();
        shop.stock.put("CHAIR", new AuditSnapshot.Stock(8, 0, 0, 10));
        shop.sold.put("CHAIR", 2L);
        shop.orders.put(ORDER, new AuditSnapshot.Order(USER, "CONFIRMED", 300));
        shop.responses.add(new AuditSnapshot.Response(ORDER, USER));
        shop.reservations.put(ORDER, "COMMITTED");
        shop.wallets.put(USER, new AuditSnapshot.Wallet(700, 700));
        shop.payments.put(ORDER, List.of(new AuditSnapshot.Payment(USER, "debit", 300)));
        shop.notified.put(ORDER, List.of("OrderConfirmed"));
        return shop;
    }

    @Test
    void aSoundShopHasNoViolations() {
        AuditReport report = Invariants.check(soundShop());
        assertThat(report.ok()).isTrue();
        assertThat(report.atRest()).isTrue();
        assertThat(report.counts()).containsAllEntriesOf(Map.of("orders", 1L, "orders_confirmed", 1L));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("I1", shop -> shop.stock.put("CHAIR", new AuditSnapshot.Stock(8, 9, 9, 10))),
                damage("I1", shop -> shop.stock.put("CHAIR", new AuditSnapshot.Stock(8, 1, 0, 10))),
                damage("I2", shop -> shop.stock.put("CHAIR", new AuditSnapshot.Stock(9, 0, 0, 10))),
                damage("I2", shop -> shop.stock.clear()),
                damage("I3", shop -> shop.ledgerTotal = 1),
                damage("I3", shop -> shop.wallets.put(USER, new AuditSnapshot.Wallet(-1, -1))),
                damage("I3", shop -> shop.wallets.put(USER, new AuditSnapshot.Wallet(700, 699))),
                damage("I4", shop -> shop.payments.clear()),
                damage("I4", shop -> pay(shop, new AuditSnapshot.Payment(USER, "debit", 299))),
                damage("I4", shop -> shop.payments.put(OTHER, List.of())),
                damage("I5", shop -> shop.reservations.clear()),
                damage("I5", shop -> shop.reservations.put(OTHER, "COMMITTED")),
                damage("I6", shop -> shop.responses.clear()),
                damage("I7", shop -> shop.notified.put(ORDER, List.of("OrderConfirmed", "OrderRejected"))),
                damage("I8", shop -> shop.responses.add(new AuditSnapshot.Response(OTHER, USER))),
                damage("I9", shop -> shop.notified.clear()),
                damage("I9", shop -> shop.dead.add("OrderConfirmed")),
                damage("I10", shop -> pay(shop, new AuditSnapshot.Payment(OTHER, "debit", 300))),
                damage("I10", shop -> shop.responses.set(0, new AuditSnapshot.Response(ORDER, OTHER))));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamageIsFound(String invariant, Consumer<AuditSnapshot> damage) {
        AuditSnapshot shop = soundShop();
        damage.accept(shop);
        AuditReport report = Invariants.check(shop);
        assertThat(report.ok()).isFalse();
        assertThat(report.invariants()).extractingByKey(invariant).satisfies(finding -> {
            assertThat(finding).isNotNull();
            assertThat(finding.ok()).isFalse();
        });
    }

    private static Arguments damage(String invariant, Consumer<AuditSnapshot> damage) {
        return Arguments.of(invariant, damage);
    }

    private static void pay(AuditSnapshot shop, AuditSnapshot.Payment payment) {
        shop.payments.put(ORDER, List.of(payment));
    }
}
