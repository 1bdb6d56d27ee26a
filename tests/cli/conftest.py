"""Fixtures of the command-line tests: a pattern and an empty folder."""

from pathlib import Path

import pytest

from tests.patterns_on_disk import write_pattern


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pattern TINY, which no test changes."""
    return write_pattern(tmp_path_factory.mktemp("patterns") / "tiny")


@pytest.fixture(autouse=True)
def _plain_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask plain questions, whatever terminal the tests run in, and offer no answers of other tests."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what commands leave that are killed, or that end without the exit handlers of Python."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty working folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder
