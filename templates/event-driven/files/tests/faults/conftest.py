"""A shop that can be broken, and a table of what became of the orders."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acceptance.caller import connect
from acceptance.identity import discover
from acceptance.market import Market
from tests.broker import Broker, Missing, jars

from ..messages import Messages
from .shop import FragileShop
from .trial import Trial

TRIALS = pytest.StashKey[list[tuple[str, Trial]]]()
EMBEDDED = "embedded"


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker | None]:
    """A Kafka broker of our own, so that it may go down; None for the embedded bus.

    That is taken where Java or Maven is missing, and where FAULTS_BUS=embedded asks for it.
    """
    try:
        found = None if os.environ.get("FAULTS_BUS") == EMBEDDED else jars(Path("build"))
    except Missing:
        found = None
    if found is None:
        yield None
        return
    with Broker(tmp_path_factory.mktemp("broker"), found) as broker:
        yield broker


@pytest.fixture(scope="session")
def shop(
    variables: dict[str, str],
    database_url: Callable[[str], str] | None,
    broker: Broker | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[FragileShop]:
    """The whole shop, serving; what fails there is given up after a few seconds."""
    ours = {"BUS_RETRY_DELAYS": "0.5,1"} | ({"BUS_URL": broker.url} if broker else {})
    shop = FragileShop(tmp_path_factory.mktemp("shop"), variables | ours, database_url, broker)
    with shop.running():
        yield shop


@pytest.fixture(scope="session")
def messages(shop: FragileShop) -> Messages:
    """The shop's bus."""
    return Messages(shop.environments["orders"]["BUS_URL"])


@pytest.fixture(scope="session")
def market(shop: FragileShop, admin: str) -> Iterator[Market]:
    """Makes products and customers."""
    with connect(shop.url) as http:
        identity = discover(http)
        yield Market(identity.sign_in(admin), identity)


@pytest.fixture
def trial(shop: FragileShop, market: Market, request: pytest.FixtureRequest) -> Iterator[Trial]:
    """What goes wrong in one test. It must call `conclude`."""
    shop.mend()
    trial = Trial(shop, market)
    yield trial
    request.config.stash.setdefault(TRIALS, []).append((request.node.name, trial))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell of each trial how many orders were tried and lost, and how they ended."""
    trials = terminalreporter.config.stash.get(TRIALS, [])
    if trials:
        terminalreporter.section("orders under faults")
        terminalreporter.line(f"{'':64}{'tried':>7}{'lost':>7}")
    for name, trial in trials:
        ends = ", ".join(f"{count} {end}" for end, count in sorted(trial.ends.items()))
        terminalreporter.line(f"{name:64}{trial.tried:7}{trial.lost:7}  {ends}")
    if trials:
        tried, lost = (sum(each) for each in zip(*((it.tried, it.lost) for _, it in trials), strict=True))
        terminalreporter.line(f"{'all':64}{tried:7}{lost:7}")
