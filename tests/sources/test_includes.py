"""A pattern that includes others has their options, values, layers and tasks as well."""

import sys
from pathlib import Path
from typing import Any

import pytest

from blueprint.authoring.package import pack
from blueprint.authoring.pattern_location import pattern_location
from blueprint.errors import HostilePatternError, PatternError
from blueprint.patterns import check_answers
from blueprint.render import Tree
from blueprint.sources import as_trusted, find_pattern, render, scripts_of
from tests.patterns_on_disk import tiny, write_pattern
from tests.repositories import commit

QUESTION = {"type": "string", "question": "What?"}
SHARED = [{"from": "../shared/tools", "to": "tools"}]


def write(folder: Path, files: dict[str, str], **changes: Any) -> Path:
    """Write a pattern named after its folder, with one layer unless `changes` says otherwise."""
    plain = tiny(
        name=folder.name.replace("_", "-"),
        options={},
        values={},
        layers=[{"from": "files", "to": "."}],
        look=[],
    )
    return write_pattern(folder, {**plain, **changes}, files)


def repository(folder: Path) -> Path:
    """Write a base pattern with a shared layer, and a pattern that includes it and changes parts of it."""
    base = {"files/a.txt.jinja": "base {{ size }} {{ place }}\n", "files/b.txt": "base\n"}
    options = {"size": {**QUESTION, "default": "small"}, "place": {**QUESTION, "default": "here"}}
    layers = [{"from": "files", "to": "."}, *SHARED]
    write(folder / "base", base, options=options, layers=layers, values={"note": "size ~ '!'"})
    (folder / "shared/tools").mkdir(parents=True)
    (folder / "shared/tools/run.sh").write_text("#!/bin/sh\n")
    (folder / "shared/tools/run.sh").chmod(0o755)
    own = {"files/b.txt.jinja": "own {{ size }} {{ team }} {{ note }}\n"}
    options = {"size": {**QUESTION, "default": "large"}, "team": {**QUESTION, "default": "red"}}
    write(folder / "own", own, include=["../base"], options=options)
    return folder


def tree_of(source: str, **answers: Any) -> Tree:
    """Render a pattern that is trusted."""
    pattern = as_trusted(find_pattern(source))
    return render(pattern, check_answers(pattern, "my-shop", answers)).tree


def texts(tree: Tree) -> dict[str, str]:
    """Return the text of each file."""
    return {path: file.content.decode() for path, file in tree.items()}


@pytest.mark.parametrize("kind", ["folder", "git"])
def test_options_values_and_layers_are_merged(tmp_path: Path, kind: str) -> None:
    """What both define is taken from the including pattern, and the order of the options is kept."""
    folder = repository(tmp_path / "patterns")
    source = str(folder)
    if kind == "git":
        commit(folder)
        source = f"file://{folder}"
    pattern = find_pattern(f"{source}#own")
    assert [*pattern.options] == ["size", "place", "team"]
    assert texts(tree_of(f"{source}#own", team="blue")) == {
        "a.txt": "base large here\n",
        "b.txt": "own large blue large!\n",
        "tools/run.sh": "#!/bin/sh\n",
    }


def test_a_built_in_pattern_can_be_included_by_its_name(tmp_path: Path) -> None:
    """A team can extend a built-in pattern: everything else comes from that."""
    folder = write(tmp_path / "team", {"files/TEAM.md": "Team\n"}, include=["monolith"])
    shop, team = tree_of("monolith"), tree_of(str(folder))
    assert team.keys() - shop.keys() == {"TEAM.md"}
    assert shop.keys() <= team.keys()


def test_an_installed_pattern_can_be_included_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern from a package is found by its name; its files are part of the digest of what runs."""
    package = tmp_path / "site"
    base = write(package / "team_base", {"files/a.txt": "1\n"}, tasks=[{"run": "touch ran.txt"}])
    info = package / "team_base-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: team-base\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[blueprint.patterns]\nteam-base = team_base\n")
    monkeypatch.setattr(sys, "path", [str(package), *sys.path])
    own = write(tmp_path / "own", {"files/b.txt": "2\n"}, include=["team-base"])
    assert tree_of(str(own)).keys() == {"a.txt", "b.txt", "ran.txt"}
    assert [script.text for script in scripts_of(find_pattern(str(own)))] == ["touch ran.txt"]
    before = find_pattern(str(own)).origin.digest
    (base / "files/a.txt").write_text("3\n")
    assert find_pattern(str(own)).origin.digest != before


def test_tasks_of_included_patterns_run_first(tmp_path: Path) -> None:
    """The tasks of the included pattern run before those of the including one, with one trust for all."""
    write(
        tmp_path / "patterns/base",
        {"task.sh": "echo base >> ran.txt\n"},
        tasks=[{"script": "task.sh"}],
        layers=[{"from": ".", "to": "base"}],
    )
    own = {"files/a.txt": "", "task.sh": "echo own >> ran.txt\n"}
    write(tmp_path / "patterns/own", own, include=["../base"], tasks=[{"script": "task.sh"}])
    assert texts(tree_of(f"{tmp_path}/patterns#own"))["ran.txt"] == "base\nown\n"


def test_patterns_may_not_include_each_other(tmp_path: Path) -> None:
    """A cycle is an error that names the patterns in it, and the line."""
    write(tmp_path / "one", {"files/a.txt": ""}, include=["../two"])
    write(tmp_path / "two", {"files/b.txt": ""}, include=["../one"])
    with pytest.raises(PatternError, match=r"two/pattern.yaml, line \d+: .* one > two > \.\./one"):
        find_pattern(f"{tmp_path}#one")


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ("../none", r"own/pattern.yaml, line \d+: there is no pattern.yaml in .*/none to include"),
        ("none", r"own/pattern.yaml, line \d+: there is no installed pattern 'none' to include"),
    ],
)
def test_a_missing_pattern_is_named_with_its_line(tmp_path: Path, include: str, message: str) -> None:
    """What is missing is named, and so is the line that includes it."""
    write(tmp_path / "own", {"files/a.txt": ""}, include=[include])
    with pytest.raises(PatternError, match=message):
        find_pattern(f"{tmp_path}#own")


def test_a_pattern_outside_the_source_cannot_be_included(tmp_path: Path) -> None:
    """A relative path may not leave the source, as with layers."""
    write(tmp_path / "base", {"files/a.txt": ""})
    own = write(tmp_path / "own", {"files/b.txt": ""}, include=["../base"])
    with pytest.raises(HostilePatternError, match="is outside"):
        find_pattern(str(own))


def test_two_included_patterns_may_not_contradict_each_other(tmp_path: Path) -> None:
    """An option that two included patterns define differently has to be defined by the including one."""
    for name in ("one", "two"):
        options = {"size": {**QUESTION, "default": name}}
        write(tmp_path / name, {f"files/{name}.txt": ""}, options=options)
    own = write(tmp_path / "own", {"files/a.txt": ""}, include=["../one", "../two"])
    with pytest.raises(PatternError, match="one and two define size in options differently"):
        find_pattern(f"{tmp_path}#own")
    options = {"size": {**QUESTION, "default": "own"}}
    write(own, {}, include=["../one", "../two"], options=options)
    assert find_pattern(f"{tmp_path}#own").options["size"].default == "own"


def test_a_package_contains_what_the_pattern_includes(tmp_path: Path) -> None:
    """A zip file of the pattern renders the same files without the rest of the repository."""
    folder = repository(tmp_path / "patterns")
    packed = pack(pattern_location(f"{folder}#own"), tmp_path, as_wheel=False)
    assert tree_of(str(packed.path)) == tree_of(f"{folder}#own")
