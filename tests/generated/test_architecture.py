"""A shop's own tests fail if architecture.yaml differs from its code, its deployment or its traces."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from blueprint.patterns import Value

from .environment import python_for_all
from .groupings import CHOSEN, EVENTS_COARSE
from .running import PACKAGE, end_of, run, shop

FILE = "architecture.yaml"
COARSE: dict[str, Value] = {"deployables": CHOSEN["coarse"]}
OPTIONS: dict[str, dict[str, Value]] = {
    "monolith": {},
    "microservices": COARSE,
    "event-driven": {"deployables": EVENTS_COARSE},
}
CATALOG_CALL, IDENTITY_CALL = ("orders", "catalog"), ("orders", "identity")


@dataclass(frozen=True)
class Fault:
    """A difference between architecture.yaml and the shop, and the test of the shop that must detect it.

    `says` is in the output of the test.
    """

    pattern: str
    path: str
    old: str
    new: str
    test: str
    says: str = "AssertionError"


FAULTS = {
    "a direct call is not listed": Fault(
        "microservices", FILE, "[catalog, cart, inventory, payments]", "[catalog, cart, payments]", "wired"
    ),
    "a listed direct call is not made": Fault(
        "microservices", FILE, "paths: [/v1/stock]", "paths: [/v1/stock]\n    calls: [payments]", "wired"
    ),
    "a listed call of another service is not made": Fault(
        "microservices", FILE, "calls: [catalog]", "calls: [catalog, inventory]", "wired"
    ),
    "a listed call is not permitted": Fault(
        "microservices", FILE, "calls: [catalog]", "calls: [catalog, inventory]", "policies"
    ),
    "a permitted call is not listed": Fault(
        "microservices", FILE, "    calls: [catalog, cart, inventory, payments]\n", "", "policies"
    ),
    "a path is of another context": Fault(
        "microservices", FILE, "[/v1/wallet, /v1/payments]", "[/v1/wallet]", "wired"
    ),
    "a path is not routed": Fault(
        "microservices", "deploy/nginx/nginx.conf", "v1/stock(/|$)|", "", "gateway"
    ),
    "a schema is not listed": Fault(
        "microservices", FILE, "notifications, sagas,", "notifications,", "schemas"
    ),
    "a context holds another one's objects": Fault(
        "monolith",
        f"src/{PACKAGE}/app/wiring.py",
        "StockService(self.database)\n",
        "StockService(self.database)\n        vars(self.stock_service)['planted'] = [self.catalog]\n",
        "wired",
    ),
    "a context is not listed": Fault(
        "monolith",
        FILE,
        "contexts: [identity, ",
        "contexts: [",
        "schemas",
        "No service has the context identity",
    ),
    "a direct call beside events is not listed": Fault(
        "event-driven", FILE, "    calls: [catalog]\n", "", "wired"
    ),
    "a topic is consumed and not listed": Fault(
        "event-driven",
        "libs/src/choreography/topics.py",
        '"cart": (ORDERS,)',
        '"cart": (ORDERS, VIEWS)',
        "groups",
    ),
    "a listed topic is not permitted": Fault(
        "event-driven", FILE, "publishes: [payments.v1]", "publishes: [payments.v1, views.v1]", "broker"
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", FAULTS)
def test_a_difference_is_detected(name: str, tmp_path: Path) -> None:
    """The test fails, and it passes without the fault (test_at_work.py and the test of groupings run it)."""
    fault = FAULTS[name]
    project = shop(fault.pattern, tmp_path, OPTIONS[fault.pattern])
    path = project / fault.path
    assert path.read_text().count(fault.old) == 1
    path.write_text(path.read_text().replace(fault.old, fault.new))
    done = run([python_for_all(), "-m", "pytest", "tests/test_architecture.py", "-k", fault.test], project)
    assert done.returncode, end_of(done)
    assert fault.says in done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("calls", "passes"),
    [
        ([CATALOG_CALL, IDENTITY_CALL], True),
        ([CATALOG_CALL], False),
        ([CATALOG_CALL, IDENTITY_CALL, ("catalog", "orders")], False),
    ],
    ids=["the listed ones", "one less", "one more"],
)
def test_the_traces_show_exactly_the_listed_calls(
    calls: list[tuple[str, str]], passes: bool, tmp_path: Path
) -> None:
    """A call that architecture.yaml does not name is detected, and a named one that never happens."""
    project = shop("microservices", tmp_path / "shop", COARSE)
    spans = [span(caller, "client", f"call {provider} POST") for caller, provider in calls]
    done = check_traces(project, spans, tmp_path / "traces")
    assert (done == "") is passes, done


@pytest.mark.thorough
def test_the_traces_show_no_schema_of_another_service(tmp_path: Path) -> None:
    """A service that queries the database of another one is detected."""
    project = shop("microservices", tmp_path / "shop", COARSE)
    spans = [span(caller, "client", f"call {other} GET") for caller, other in (CATALOG_CALL, IDENTITY_CALL)]
    spans.append(span("catalog", "client", "SELECT", {"db.query.text": 'SELECT 1 \nFROM orders."order"'}))
    assert "('catalog', 'orders')" in check_traces(project, spans, tmp_path / "traces")


def span(service: str, kind: str, name: str, attributes: dict[str, str] | None = None) -> dict[str, object]:
    """Return a span as the processes of a shop write it."""
    identity = {"trace": "1", "span": "2", "parent": None}
    return {**identity, "service": service, "kind": kind, "name": name, "attributes": attributes or {}}


def check_traces(project: Path, spans: list[dict[str, object]], folder: Path) -> str:
    """Run the shop's test of its traces on these spans; return how it failed, or an empty text."""
    folder.mkdir()
    (folder / "spans.jsonl").write_text("".join(json.dumps(each) + "\n" for each in spans))
    test = project / "tests/test_acceptance.py"
    suite = '@pytest.mark.usefixtures("outcomes")\n'
    assert suite in test.read_text()
    test.write_text(test.read_text().replace(suite, ""))
    with (project / "tests/conftest.py").open("a") as fixtures:
        fixtures.write(f"\n\n@pytest.fixture\ndef traces() -> Path:\n    return Path({str(folder)!r})\n")
    done = run([python_for_all(), "-m", "pytest", str(test), "-k", "traces"], project)
    return "" if done.returncode == 0 else end_of(done)
