"""Fixtures for fault experiments, and a summary of the orders' outcomes.

FAULTS_REPORT=path also writes the summary to a JSON file.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance.client import connect
from acceptance.identity import discover
from acceptance.seeder import Seeder

from .experiment import Experiment
from .shop import FaultyShop, open_shop

EXPERIMENTS = pytest.StashKey[list[tuple[str, Experiment]]]()


@pytest.fixture(scope="session")
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyShop]:
    """The whole shop, running as processes that can fail."""
    with open_shop(tmp_path_factory.mktemp("shop"), request.getfixturevalue) as shop:
        yield shop


@pytest.fixture(scope="session")
def seeder(shop: FaultyShop, admin: str) -> Iterator[Seeder]:
    """Creates products and customers as the administrator."""
    with connect(shop.url) as http:
        identity = discover(http)
        yield Seeder(identity.sign_in(admin), identity)


@pytest.fixture
def experiment(shop: FaultyShop, seeder: Seeder, request: pytest.FixtureRequest) -> Iterator[Experiment]:
    """One fault experiment on a healthy shop. The test must call `verify`."""
    shop.recover()
    experiment = Experiment(shop, seeder)
    experiment.until_usable()
    yield experiment
    request.config.stash.setdefault(EXPERIMENTS, []).append((request.node.name, experiment))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print, for each experiment, the number of faults and the outcomes of the orders."""
    experiments = terminalreporter.config.stash.get(EXPERIMENTS, [])
    if not experiments:
        return
    terminalreporter.section("orders under faults")
    terminalreporter.line(f"{'':76}{'faults':>7}{'accepted':>9}{'lost':>7}")
    for name, experiment in experiments:
        outcomes = ", ".join(f"{count} {end}" for end, count in sorted(experiment.outcomes.items()))
        terminalreporter.line(
            f"{name:76}{experiment.faults.total():7}{experiment.accepted:9}{experiment.lost:7}  {outcomes}"
        )
    faults = sum((experiment.faults for _, experiment in experiments), Counter())
    accepted = sum(experiment.accepted for _, experiment in experiments)
    lost = sum(experiment.lost for _, experiment in experiments)
    terminalreporter.line(f"{'all':76}{faults.total():7}{accepted:9}{lost:7}")
    terminalreporter.section("faults by step of an order")
    for (step, kind), number in sorted(faults.items()):
        terminalreporter.line(f"{step:16}{kind:60}{number:7}")
    loads = [experiment.load for _, experiment in experiments if experiment.load is not None]
    for load in loads:
        terminalreporter.line("without a fault: " + ", ".join(f"{name} {n}" for name, n in load.items()))
    if "FAULTS_REPORT" in os.environ:
        cells = [{"step": step, "fault": kind, "number": number} for (step, kind), number in faults.items()]
        report = {"faults": cells, "accepted": accepted, "lost": lost, "loads": loads}
        Path(os.environ["FAULTS_REPORT"]).write_text(json.dumps(report))
