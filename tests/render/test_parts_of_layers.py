"""The `only` of a layer takes a part of its directory."""

from pathlib import Path

import pytest

from blueprint.errors import PatternError
from blueprint.patterns import check_answers, load_pattern
from blueprint.render import render
from tests.patterns_on_disk import tiny, write_pattern

FILES = {
    "files/main.py": "",
    "files/tool.py.jinja": "{% include '_parts/name' %}",
    "files/_parts/name": "{{ project }}",
    "files/docs/use.md": "",
    "files/docs/deep/more.md": "",
    "files/docs.md": "",
}


def paths(folder: Path, only: list[str]) -> set[str]:
    """Return the files of a project whose only layer takes these parts."""
    layers = [{"from": "files", "to": ".", "only": only}]
    write_pattern(folder, tiny(values={}, layers=layers, look=[]), FILES)
    pattern = load_pattern(folder)
    return set(render(pattern, check_answers(pattern, "my-shop", {})).tree)


def test_files_and_folders_are_taken_by_their_names(tmp_path: Path) -> None:
    """A folder is taken with all that it has, a template by the name with its ending; others are left out."""
    assert paths(tmp_path, ["docs", "tool.py.jinja"]) == {"docs/use.md", "docs/deep/more.md", "tool.py"}


def test_everything_is_taken_without_names(tmp_path: Path) -> None:
    """Fragments are never project files."""
    expected = {"main.py", "tool.py", "docs/use.md", "docs/deep/more.md", "docs.md"}
    assert paths(tmp_path, []) == expected


@pytest.mark.parametrize("name", ["tool.py", "doc", "docs/", "../files/main.py"])
def test_a_name_without_a_file_is_an_error(tmp_path: Path, name: str) -> None:
    """A misspelled name would silently leave a file out."""
    with pytest.raises(PatternError, match=f"`only` names {name}, which .*files does not have"):
        paths(tmp_path, ["main.py", name])
