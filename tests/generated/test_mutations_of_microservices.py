"""The microservices' own tests go red when a guard is removed."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from .combinations import Combination
from .environment import environment_for_all
from .running import PACKAGE, end_of, run, shop

OPTIONS: Combination = {"database": "postgresql", "cache": "memory", "auth": "jwt", "kubernetes": False}


@dataclass(frozen=True)
class Mutation:
    """A line of a service's module that is changed, and the tests that must notice it."""

    service: str
    module: str
    old: str
    new: str
    test: str
    """Of the module's own folder; or, as `faults: NAME`, of the faults on real processes."""


MUTATIONS = {
    "any worker may decide, whoever holds the lease": Mutation(
        "orders",
        "sagas/repository.py",
        'table.c.claim == sa.bindparam("own_claim")',
        'sa.bindparam("own_claim", type_=sa.Uuid).is_not(None)',
        "test_a_process_that_lost_its_lease_cannot_decide",
    ),
    "a rejected order keeps its units": Mutation(
        "orders",
        "sagas/definition.py",
        "        await self._inventory.release(record.order.id)\n",
        "",
        "test_a_declined_payment_releases_the_units",
    ),
    "an event is handled whenever it comes": Mutation(
        "orders",
        "notifications/service.py",
        "if not await inbox.first_time(transaction, event.id):",
        "if not event.id:",
        "test_repeated_event_sends_one_message",
    ),
    "units are promised that are not there": Mutation(
        "inventory",
        "inventory/reservations.py",
        ", stock.c.on_hand - stock.c.reserved >= _QUANTITY)",
        ")",
        "faults: test_the_last_unit_is_sold_once",
    ),
    "a reservation that is asked for again is refused": Mutation(
        "inventory",
        "inventory/reservations.py",
        "return state in {ReservationState.HELD, ReservationState.COMMITTED}",
        "return False",
        "faults: redelivered",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_missing_guard_is_noticed(name: str, tmp_path: Path) -> None:
    """Tests run, and at least one of them fails."""
    mutation = MUTATIONS[name]
    project = shop("microservices", tmp_path, OPTIONS)
    sources = project / "services" / mutation.service / "src"
    module = sources / PACKAGE / mutation.module
    text = module.read_text()
    assert text.count(mutation.old) == 1
    module.write_text(text.replace(mutation.old, mutation.new))

    environment = environment_for_all()
    kind, _, test = mutation.test.rpartition(": ")
    if kind == "faults":
        command = ["make", "faults", f"VENV={environment}", f"ARGS=-rfE --show-capture=no -k '{test}'"]
    else:
        command = [str(environment / "bin/python"), "-m", "pytest", str(module.parent), "-rfE", "-k", test]
    path = f"libs/src:{sources.relative_to(project)}"
    outcome = run(command, project, {"PYTHONPATH": path})
    assert f"FAILED {'tests/faults' if kind else 'services'}" in outcome.stdout, end_of(outcome)
    assert "ERROR" not in outcome.stdout, end_of(outcome)
