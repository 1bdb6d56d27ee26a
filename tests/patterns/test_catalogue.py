"""Patterns are found by name among those that come with blueprint, or by folder."""

from pathlib import Path

import pytest

from blueprint.errors import UnknownPatternError
from blueprint.patterns import catalogue, find_pattern, list_patterns
from tests.patterns_on_disk import tiny, write_pattern


@pytest.fixture
def _two_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pattern(tmp_path / "tiny")
    write_pattern(tmp_path / "other", tiny(name="other"))
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(catalogue, "templates_root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path / "shared")


@pytest.mark.usefixtures("_two_patterns")
def test_every_folder_with_a_pattern_file_counts() -> None:
    """And no other folder, such as the shared one."""
    assert [pattern.name for pattern in list_patterns()] == ["other", "tiny"]


@pytest.mark.usefixtures("_two_patterns")
def test_an_unknown_name_gets_the_nearest_one() -> None:
    """And a list of all."""
    with pytest.raises(UnknownPatternError, match=r"did you mean 'tiny'\?") as caught:
        find_pattern("tinny")
    assert "other, tiny" in caught.value.hint


@pytest.mark.usefixtures("_two_patterns")
@pytest.mark.parametrize("name", ["", "shared", "./tiny", "/", ".", "tiny/../shared"])
def test_a_folder_without_a_pattern_file_is_no_pattern(name: str) -> None:
    """Neither is a name that is a path in disguise."""
    with pytest.raises(UnknownPatternError):
        find_pattern(name)


def test_a_folder_is_a_pattern_whose_layers_stay_inside(tmp_path: Path) -> None:
    """Unlike the built-in ones, which share layers."""
    pattern = find_pattern(f"{write_pattern(tmp_path)}")
    assert pattern.root == tmp_path
