"""Options and fixtures of all tests."""

import os
import re
import signal

import pytest
from hypothesis import settings

# No test asserts a duration: machines are busy.
settings.register_profile("development", deadline=None, max_examples=10)
settings.register_profile("thorough", deadline=None, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "development"))

TIERS = {"slow", "thorough", "long"}
AT_WORK = {"generated", "deploy"}
"""Directories of the tests that run generated projects."""

PERSONAL = re.compile(
    "COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR.*|PY_COLORS|GITHUB_.*|LANGUAGE|LC_.*|XDG_.*|GIT_.*"
    "|SHELL|PAGER|LESS|EDITOR|VISUAL|BROWSER|PYTHON(?!PATH$|HOME$).*|BLUEPRINT_TRACEBACK"
)
"""Variables by which people and CI choose output, programs and folders; a test sets those that it needs."""
NEUTRAL = {"LANG": "C.UTF-8", "TERM": "xterm", "GIT_CONFIG_GLOBAL": os.devnull}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="Rewrite the golden trees and the published schema instead of comparing with them.",
    )


def pytest_configure() -> None:
    # A background shell may start pytest with SIGINT ignored, which programs under test would inherit.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in filter(PERSONAL.fullmatch, list(os.environ)):
        del os.environ[name]
    os.environ.update(NEUTRAL)
    os.umask(0o022)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Whole suites first: a worker that got one last would run alone for minutes. Then what else needs the
    # environment of generated projects, so that another worker, which begins with the second half, does not
    # wait for the first one to install it.
    items.sort(key=lambda item: (item.path.name != "test_at_work.py", item.path.parent.name not in AT_WORK))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    # tests/servers/process.py and tests/generated/environment.py refuse to start anything for a fast test.
    fast = not any(mark.name in TIERS for mark in item.iter_markers())
    os.environ["BLUEPRINT_FAST_TEST"] = "1" if fast else ""


@pytest.fixture
def regenerate(pytestconfig: pytest.Config) -> bool:
    """Whether to rewrite golden files instead of comparing with them."""
    return bool(pytestconfig.getoption("--regenerate"))


@pytest.fixture(autouse=True, scope="session")
def _inside_a_repository(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Put the folders of all tests below a `.git` folder, so that `blueprint new` makes no repositories."""
    (tmp_path_factory.getbasetemp() / ".git").mkdir(exist_ok=True)


@pytest.fixture(autouse=True, scope="session")
def _isolated_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's caches, patterns and trusted sources out of the tests, and vice versa."""
    patch = pytest.MonkeyPatch()
    patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
