"""Fixtures for fault experiments, and a summary of the orders' outcomes."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from acceptance.client import connect
from acceptance.identity import discover
from acceptance.seeder import Seeder

from .experiment import Experiment
from .shop import FaultyShop, open_shop

EXPERIMENTS = pytest.StashKey[list[tuple[str, Experiment]]]()


@pytest.fixture(scope="session")
def shop(
    variables: Mapping[str, str],
    database_url: Callable[[str], str] | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[FaultyShop]:
    """The whole shop, running as processes that can fail."""
    with open_shop(tmp_path_factory.mktemp("shop"), variables, database_url) as shop:
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
            f"{name:76}{experiment.faults:7}{experiment.accepted:9}{experiment.lost:7}  {outcomes}"
        )
    counts = [(experiment.faults, experiment.accepted, experiment.lost) for _, experiment in experiments]
    faults, accepted, lost = (sum(column) for column in zip(*counts, strict=True))
    terminalreporter.line(f"{'all':76}{faults:7}{accepted:9}{lost:7}")
