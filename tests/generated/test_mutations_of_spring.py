"""The Java tests of the Spring services fail when a safeguard of money or stock is removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .combinations import Combination
from .running import PACKAGE, end_of, run, shop
from .spring import java_home, one_build_at_a_time

pytestmark = pytest.mark.long
OPTIONS: Combination = {"stack": "spring", "kubernetes": False}


@dataclass(frozen=True)
class Mutation:
    """Change of a line in a service's class, and the test that must detect it."""

    service: str
    source: str
    old: str
    new: str
    test: str


MUTATIONS = {
    "a wallet pays more than it has": Mutation(
        "payments",
        "payments/Ledger",
        "WHERE user_id = ? AND balance >= ?",
        "WHERE user_id = ? AND ? >= 0",
        "PaymentStepsTest.aDebitBeyondTheBalanceIsDeclined",
    ),
    "a repeated debit is declined": Mutation(
        "payments",
        "payments/PaymentSteps",
        ": steps.equals(Set.of(Kind.DEBIT));",
        ": false;",
        "PaymentStepsTest.aDebitIsTakenOnce",
    ),
    "a debit may follow its refund": Mutation(
        "payments",
        "payments/PaymentSteps",
        "                enterVoid(userId, orderId);\n",
        "",
        "PaymentStepsTest.aDebitAfterItsRefundIsDeclined",
    ),
    "units that are not in stock are reserved": Mutation(
        "inventory",
        "inventory/ReservationSteps",
        "free.getOrDefault(each.getKey(), 0L) >= each.getValue()",
        "free.containsKey(each.getKey())",
        "ReservationStepsTest.aRefusalIsFinal",
    ),
    "a repeated commit takes the units again": Mutation(
        "inventory",
        "inventory/ReservationSteps",
        "state != ReservationState.HELD",
        "state == ReservationState.REFUSED",
        "ReservationStepsTest.reservedUnitsLeaveTheStockWithTheCommit",
    ),
    "a reservation may follow its release": Mutation(
        "inventory",
        "inventory/ReservationSteps",
        "                add(orderId, ReservationState.RELEASED);\n",
        "",
        "ReservationStepsTest.aReservationAfterItsReleaseIsRefused",
    ),
    "a rejected order keeps its reserved units": Mutation(
        "orders",
        "sagas/SagaDefinition",
        "        inventory.release(orderId);\n",
        "",
        "SagaTest.anOrderWithoutMoneyIsRejectedAndCompensated",
    ),
    "a worker may decide without the lease": Mutation(
        "orders",
        "sagas/SagaRepository",
        "database.update(sql, values) == 0",
        "database.update(sql, values) < 0",
        "SagaTest.aWorkerWithoutItsLeaseDecidesNothing",
    ),
    "a repeated request is not recognized": Mutation(
        "orders",
        "orders/Orders",
        "if (known.isPresent()) {",
        "if (known.isPresent() && items == null) {",
        "OrdersTest.aRepeatedRequestGetsTheFirstResponse",
    ),
    "a key of another request is accepted": Mutation(
        "orders",
        "orders/OrderRepository",
        "if (!row.getString(1).equals(request.fingerprint())) {",
        "if (row.getString(1).isEmpty()) {",
        "OrdersTest.aKeyOfAnotherRequestIsRefused",
    ),
    "a duplicate event is handled again": Mutation(
        "orders",
        "notifications/Notifications",
        "added.contains(event.id())",
        "!event.type().isEmpty()",
        "NotificationsTest.aRepeatedEventSendsOneMessage",
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The services, unchanged; no other test builds meanwhile."""
    folder = shop("microservices", tmp_path_factory.mktemp("mutations") / "shop", OPTIONS)
    with one_build_at_a_time():
        yield folder


@pytest.mark.parametrize("name", MUTATIONS)
def test_missing_safeguard_is_detected(name: str, project: Path) -> None:
    """The test fails without the safeguard, and the code compiles."""
    mutation = MUTATIONS[name]
    sources = project / f"services/{mutation.service}/src/main/java/com/example" / PACKAGE
    file = sources / f"{mutation.source}.java"
    text = file.read_text()
    assert text.count(mutation.old) == 1
    file.write_text(text.replace(mutation.old, mutation.new))
    try:
        done = _test(project, mutation)
    finally:
        file.write_text(text)
    test, _, method = mutation.test.partition(".")
    assert f"{test}.{method}" in done, done[-6000:]
    assert "COMPILATION ERROR" not in done, done[-6000:]


def _test(project: Path, mutation: Mutation) -> str:
    """Run the test class, and return the output of its failure."""
    command = ["./mvnw", "--batch-mode", "--no-transfer-progress", "test", "--also-make"]
    command += ["--projects", f"services/{mutation.service}", f"-Dtest={mutation.test.partition('.')[0]}"]
    command += ["-Dsurefire.failIfNoSpecifiedTests=false", "-DtrimStackTrace=true"]
    done = run(command, project, {"JAVA_HOME": java_home()})
    assert done.returncode != 0, end_of(done)
    return done.stdout
