"""The microservices' own tests fail when a safeguard is removed."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from .combinations import Combination
from .environment import environment_for_all
from .running import PACKAGE, end_of, run, shop

OPTIONS: Combination = {"database": "postgresql", "cache": "memory", "auth": "jwt", "kubernetes": False}


@dataclass(frozen=True)
class Mutation:
    """Change of a line in a service's module, and the tests that must detect it."""

    service: str
    module: str
    old: str
    new: str
    test: str
    """Name of a test in the module's folder or, as `faults: NAME`, of a fault test on real processes."""


MUTATIONS = {
    "a worker may decide without the lease": Mutation(
        "orders",
        "sagas/repository.py",
        'table.c.claim == sa.bindparam("own_claim")',
        'sa.bindparam("own_claim", type_=sa.Uuid).is_not(None)',
        "test_a_process_that_lost_its_lease_cannot_decide",
    ),
    "a rejected order keeps its reserved units": Mutation(
        "orders",
        "sagas/definition.py",
        "        await self._inventory.release(record.order.id)\n",
        "",
        "test_a_declined_payment_releases_the_units",
    ),
    "a duplicate event is handled again": Mutation(
        "orders",
        "notifications/service.py",
        "for event in events if event.id in new]",
        "for event in events]",
        "test_repeated_event_sends_one_message",
    ),
    "units that are not in stock are reserved": Mutation(
        "inventory",
        "inventory/reservations.py",
        "if all(free.get(sku, 0) - held[sku] >= units for sku, units in quantities.items()):",
        "if free:",
        "faults: test_the_last_unit_is_sold_once",
    ),
    "a repeated reservation is refused": Mutation(
        "inventory",
        "inventory/reservations.py",
        "for order_id, state in (states | new).items()",
        "for order_id, state in new.items()",
        "faults: redelivered",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MUTATIONS)
def test_missing_safeguard_is_detected(name: str, tmp_path: Path) -> None:
    """At least one test fails when the safeguard is missing."""
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
