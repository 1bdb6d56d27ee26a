"""The Java tests of shops of the Spring stack fail when a safeguard of money, stock or events is removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .combinations import Combination
from .projects import tree_of, write
from .running import end_of, run
from .spring import java_home, one_build_at_a_time

OPTIONS: Combination = {"stack": "spring", "kubernetes": False}


@dataclass(frozen=True)
class Mutation:
    """Change of a line in a file below `src/main`, and the test that must detect it."""

    file: str
    old: str
    new: str
    test: str


MUTATIONS = {
    "monolith": {
        "a wallet pays more than it has": Mutation(
            "payments/Ledger.java",
            "WHERE user_id = ? AND balance >= ?",
            "WHERE user_id = ? AND ? >= 0",
            "TransactionalOrderProcessorTest.anOrderWithoutMoneyTakesNoUnits",
        ),
        "units that are not in stock are sold": Mutation(
            "inventory/Reservations.java",
            "WHERE sku = ? AND on_hand - reserved >= ?",
            "WHERE sku = ? AND ? >= 0",
            "TransactionalOrderProcessorTest.anOrderWithoutStockCostsNothing",
        ),
        "an order is confirmed although a guard of its statements failed": Mutation(
            "chassis/database/Statements.java",
            "failure != null && changed[at] != 1",
            "failure != null && changed[at] > 1",
            "TransactionalOrderProcessorTest.anOrderWithoutMoneyTakesNoUnits",
        ),
        "an order is cancelled twice": Mutation(
            "orders/OrderRepository.java",
            "WHERE id = ? AND state = ?",
            "WHERE id = ? AND ? <> ''",
            "TransactionalOrderProcessorTest.concurrentCancellationsReturnUnitsAndMoneyOnce",
        ),
        "a repeated request is not recognized": Mutation(
            "orders/Orders.java",
            "if (known.isPresent()) {",
            "if (known.isPresent() && items == null) {",
            "OrdersTest.aRepeatedRequestGetsTheFirstResponse",
        ),
        "a context reads the table of another": Mutation(
            "cart/Carts.java",
            "SELECT COUNT(*) FROM cart.cart_item WHERE user_id = ?",
            "SELECT COUNT(*) FROM orders.ordered_cart_item WHERE user_id = ?",
            "BoundariesTest.aContextNamesNoSchemaButItsOwn",
        ),
        "a response does not wait for the disk": Mutation(
            "resources/application.yaml",
            ";WRITE_DELAY=0",
            ";WRITE_DELAY=500",
            "CrashTest.noAnsweredOrderIsLost",
        ),
    },
    "microservices": {
        "a wallet pays more than it has": Mutation(
            "payments/Ledger.java",
            "WHERE user_id = ? AND balance >= ?",
            "WHERE user_id = ? AND ? >= 0",
            "PaymentStepsTest.aDebitBeyondTheBalanceIsDeclined",
        ),
        "a repeated debit is declined": Mutation(
            "payments/PaymentSteps.java",
            ": steps.equals(Set.of(Kind.DEBIT));",
            ": false;",
            "PaymentStepsTest.aDebitIsTakenOnce",
        ),
        "a debit may follow its refund": Mutation(
            "payments/PaymentSteps.java",
            "                enterVoid(userId, orderId);\n",
            "",
            "PaymentStepsTest.aDebitAfterItsRefundIsDeclined",
        ),
        "units that are not in stock are reserved": Mutation(
            "inventory/ReservationSteps.java",
            "free.getOrDefault(each.getKey(), 0L) >= each.getValue()",
            "free.containsKey(each.getKey())",
            "ReservationStepsTest.aRefusalIsFinal",
        ),
        "a repeated commit takes the units again": Mutation(
            "inventory/ReservationSteps.java",
            "state != ReservationState.HELD",
            "state == ReservationState.REFUSED",
            "ReservationStepsTest.reservedUnitsLeaveTheStockWithTheCommit",
        ),
        "a reservation may follow its release": Mutation(
            "inventory/ReservationSteps.java",
            "                add(orderId, ReservationState.RELEASED);\n",
            "",
            "ReservationStepsTest.aReservationAfterItsReleaseIsRefused",
        ),
        "a rejected order keeps its reserved units": Mutation(
            "sagas/SagaDefinition.java",
            "        inventory.release(orderId);\n",
            "",
            "SagaTest.anOrderWithoutMoneyIsRejectedAndCompensated",
        ),
        "a worker may decide without the lease": Mutation(
            "sagas/SagaRepository.java",
            "database.update(sql, values) == 0",
            "database.update(sql, values) < 0",
            "SagaTest.aWorkerWithoutItsLeaseDecidesNothing",
        ),
        "a repeated request is not recognized": Mutation(
            "orders/Orders.java",
            "if (known.isPresent()) {",
            "if (known.isPresent() && items == null) {",
            "OrdersTest.aRepeatedRequestGetsTheFirstResponse",
        ),
        "a key of another request is accepted": Mutation(
            "orders/OrderRepository.java",
            "if (!row.getString(1).equals(request.fingerprint())) {",
            "if (row.getString(1).isEmpty()) {",
            "OrdersTest.aKeyOfAnotherRequestIsRefused",
        ),
        "a duplicate event is handled again": Mutation(
            "notifications/Notifications.java",
            "added.contains(event.id())",
            "!event.type().isEmpty()",
            "NotificationsTest.aRepeatedEventSendsOneMessage",
        ),
    },
    "event-driven": {
        "a rejected order keeps its reserved units": Mutation(
            "app/InventoryHandlers.java",
            'Set.of("OrderPlaced", "OrderConfirmed", "OrderRejected", ',
            'Set.of("OrderPlaced", "OrderConfirmed", ',
            "InventoryHandlersTest.theUnitsOfARejectedOrderAreFreeAgain",
        ),
        "an order without enough units is announced as reserved": Mutation(
            "app/InventoryHandlers.java",
            ".contains(order.id())) {",
            ".size() < 2) {",
            "InventoryHandlersTest.anOrderBeyondTheStockIsRefused",
        ),
        "a cancelled order is not refunded": Mutation(
            "app/PaymentHandlers.java",
            'Set.of("StockReserved", "OrderRejected", "OrderCancelled")',
            'Set.of("StockReserved", "OrderRejected")',
            "PaymentHandlersTest.anOrderThatEndsOtherwiseIsRefundedOnce",
        ),
        "a debit may follow the rejection": Mutation(
            "payments/PaymentSteps.java",
            "                enterVoid(userId, orderId);\n",
            "",
            "PaymentHandlersTest.anOrderThatIsAlreadyRejectedIsNotDebited",
        ),
        "a late result changes a decided order": Mutation(
            "orders/OrderRepository.java",
            "WHERE id = ? AND state = ?",
            "WHERE id = ? AND ? <> ''",
            "OrderHandlersTest.aResultAfterTheDecisionHasNoEffect",
        ),
        "an overdue order waits forever": Mutation(
            "orders/OverdueOrders.java",
            "created_at < ?",
            "created_at > ?",
            "OrderTimeoutTest.aPendingOrderIsRejectedWhenItIsOverdue",
        ),
        "a duplicate event is handled again": Mutation(
            "chassis/messaging/bus/Bus.java",
            "if (inbox.firstTime(event.id())) {",
            "if (inbox.firstTime(event.id()) || event.version() > 0) {",
            "ConsumerGroupTest.anEventThatArrivesTwiceTakesEffectOnce",
        ),
        "a later event of a key overtakes one that failed": Mutation(
            "chassis/messaging/bus/RecordProcessor.java",
            "if (isBlocked(delivery, blocked)) {",
            "if (isBlocked(delivery, new TreeSet<>())) {",
            "ConsumerGroupTest.anEventThatFailsHoldsUpItsKeyOnly",
        ),
        "a later event of a key is published first": Mutation(
            "chassis/messaging/Relay.java",
            "older.position < due.position",
            "older.position < 0",
            "RelayTest.aFailedEventHoldsUpItsKeyOnly",
        ),
        "the old version of an event is misread": Mutation(
            "choreography/StockReserved.java",
            "event.version() == 1",
            "event.version() == 0",
            "StockReservedTest.everyVersionHasTheAmountAndItsCurrency",
        ),
    },
}
CASES = [
    pytest.param(pattern, mutation, id=f"{pattern}-{name}")
    for pattern, mutations in MUTATIONS.items()
    for name, mutation in mutations.items()
]


@pytest.mark.parametrize(("pattern", "mutation"), CASES)
def test_each_safeguard_and_its_test_are_in_the_shop(pattern: str, mutation: Mutation) -> None:
    """The line is there once, and so is the test, which the long tests below see fail."""
    tree = tree_of(OPTIONS, pattern=pattern)
    (text,) = (
        file.content.decode()
        for path, file in tree.items()
        if "src/main/" in path and path.endswith(f"/{mutation.file}")
    )
    assert text.count(mutation.old) == 1
    test, _, method = mutation.test.partition(".")
    (text,) = (file.content.decode() for path, file in tree.items() if path.endswith(f"/{test}.java"))
    assert f" {method}(" in text


@pytest.fixture(scope="module")
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shop of the pattern, unchanged; no other test builds meanwhile."""
    folder = write(tree_of(OPTIONS, pattern=request.param), tmp_path_factory.mktemp("mutations") / "shop")
    with one_build_at_a_time():
        yield folder


@pytest.mark.long
@pytest.mark.parametrize(("project", "mutation"), CASES, indirect=["project"])
def test_missing_safeguard_is_detected(project: Path, mutation: Mutation) -> None:
    """The test fails without the safeguard, and the code compiles."""
    (file,) = project.glob(f"**/src/main/**/{mutation.file}")
    text = file.read_text()
    file.write_text(text.replace(mutation.old, mutation.new))
    try:
        done = _test(project, mutation)
    finally:
        file.write_text(text)
    assert mutation.test in done, done[-6000:]
    assert "COMPILATION ERROR" not in done, done[-6000:]


def _test(project: Path, mutation: Mutation) -> str:
    """Run the test class, and return the output of its failure."""
    name = mutation.test.partition(".")[0]
    (file,) = project.glob(f"**/src/test/**/{name}.java")
    module = file.relative_to(project).as_posix().partition("src/test/")[0] or "."
    command = ["./mvnw", "--batch-mode", "--no-transfer-progress", "test", "--also-make"]
    command += ["--projects", module, f"-Dtest={name}"]
    command += ["-Dsurefire.failIfNoSpecifiedTests=false", "-DtrimStackTrace=true"]
    done = run(command, project, {"JAVA_HOME": java_home()})
    assert done.returncode != 0, end_of(done)
    return done.stdout
