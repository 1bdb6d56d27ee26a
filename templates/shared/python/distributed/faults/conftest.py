"""A shop that can be broken, and a table of what became of the orders."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from acceptance.caller import connect
from acceptance.identity import discover
from acceptance.market import Market

from .shop import FragileShop, open_shop
from .trial import Trial

TRIALS = pytest.StashKey[list[tuple[str, Trial]]]()


@pytest.fixture(scope="session")
def shop(
    variables: Mapping[str, str],
    database_url: Callable[[str], str] | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[FragileShop]:
    """The whole shop, serving."""
    with open_shop(tmp_path_factory.mktemp("shop"), variables, database_url) as shop:
        yield shop


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
    """Tell of each trial how often a fault struck, and what became of the orders."""
    trials = terminalreporter.config.stash.get(TRIALS, [])
    if not trials:
        return
    terminalreporter.section("orders under faults")
    terminalreporter.line(f"{'':76}{'faults':>7}{'tried':>7}{'lost':>7}")
    for name, trial in trials:
        ends = ", ".join(f"{count} {end}" for end, count in sorted(trial.ends.items()))
        terminalreporter.line(f"{name:76}{trial.strikes:7}{trial.tried:7}{trial.lost:7}  {ends}")
    counts = [(trial.strikes, trial.tried, trial.lost) for _, trial in trials]
    strikes, tried, lost = (sum(column) for column in zip(*counts, strict=True))
    terminalreporter.line(f"{'all':76}{strikes:7}{tried:7}{lost:7}")
