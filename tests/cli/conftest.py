"""A pattern and an empty folder for every test of the command line."""

from pathlib import Path

import pytest

from tests.patterns_on_disk import write_pattern


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of TINY, which no test changes."""
    return write_pattern(tmp_path_factory.mktemp("patterns") / "tiny")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder
