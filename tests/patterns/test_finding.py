"""Patterns are found by name among the built-in ones, or by their folder."""

from pathlib import Path

import pytest

from blueprint.errors import UnknownPatternError
from blueprint.patterns import find_pattern, list_patterns, loading
from tests.patterns_on_disk import tiny, write_pattern


@pytest.fixture
def _two_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pattern(tmp_path / "tiny")
    write_pattern(tmp_path / "other", tiny(name="other"))
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(loading, "templates_root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path / "shared")


@pytest.mark.usefixtures("_two_patterns")
def test_every_folder_with_a_pattern_file_is_listed() -> None:
    """Folders without a pattern.yaml, such as the shared one, are not listed."""
    assert [pattern.name for pattern in list_patterns()] == ["other", "tiny"]


@pytest.mark.usefixtures("_two_patterns")
def test_an_unknown_name_is_answered_with_the_nearest_one() -> None:
    """The error for an unknown pattern suggests the nearest name, and lists all of them."""
    with pytest.raises(UnknownPatternError, match=r"did you mean 'tiny'\?") as caught:
        find_pattern("tinny")
    assert "other, tiny" in caught.value.hint


@pytest.mark.usefixtures("_two_patterns")
@pytest.mark.parametrize("name", ["", "shared", "./tiny", "/", ".", "tiny/../shared"])
def test_a_folder_without_a_pattern_file_is_not_a_pattern(name: str) -> None:
    """A name that leads to a folder without a pattern.yaml is an unknown pattern."""
    with pytest.raises(UnknownPatternError):
        find_pattern(name)


def test_the_root_of_a_pattern_in_a_folder_is_that_folder(tmp_path: Path) -> None:
    """The layers of a pattern in a folder must be inside it; only built-in patterns share layers."""
    pattern = find_pattern(f"{write_pattern(tmp_path)}")
    assert pattern.root == tmp_path
