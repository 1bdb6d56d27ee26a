"""What all tests share."""

import signal

import pytest
from hypothesis import settings

# No test asserts a time: machines are busy.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="Write the golden trees and the published schema anew, instead of comparing with them.",
    )


def pytest_configure() -> None:
    # Who starts us in the background may have it ignored, and then so do all programs that tests interrupt.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def regenerate(pytestconfig: pytest.Config) -> bool:
    """Whether to write what a test would compare with."""
    return bool(pytestconfig.getoption("--regenerate"))


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's caches, patterns and trusted sources out of the tests, and the tests out of them."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
