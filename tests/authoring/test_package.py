"""Packages of a pattern are self-contained and reproducible, and render the same files."""

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from blueprint.authoring.package import pack
from blueprint.authoring.pattern_location import pattern_location
from blueprint.errors import DiskError, PatternError
from blueprint.patterns import check_answers, find_pattern, load_pattern
from blueprint.patterns.loading import templates_root
from blueprint.render import Tree, render
from tests.patterns_on_disk import tiny, write_files, write_pattern

from .starters import write_starter


def unpacked(archive: Path, folder: Path) -> Path:
    """Extract a zip file into `folder`, with file modes."""
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
        for entry in zipped.infolist():
            (folder / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
    return folder


def tree_of(folder: Path, **options: object) -> Tree:
    """Render the pattern in `folder`, without secret files."""
    pattern = load_pattern(folder)
    tree = render(pattern, check_answers(pattern, "my-shop", options)).tree
    return {path: file for path, file in tree.items() if not file.secret}


def repository(folder: Path) -> str:
    """Write a repository with a pattern that uses shared layers; returns `REPOSITORY#DIR`."""
    layers = [
        {"from": "files", "to": "."},
        {"from": "../shared/tools", "to": "tools"},
        {"from": "../shared/ci", "to": ".", "when": "kubernetes"},
    ]
    options = {"kubernetes": tiny()["options"]["kubernetes"]}
    files = {"files/a.txt.jinja": '{% include "_parts/x" %}', "files/_parts/x": "{{ kubernetes }}"}
    write_pattern(folder / "own", tiny(layers=layers, options=options, values={}, look=[]), files)
    shared = {"shared/tools/run": "#!/bin/sh\n", "shared/ci/ci.yaml": "x: 1\n", "shared/other/y": ""}
    write_files(folder, shared)
    (folder / "shared/tools/run").chmod(0o755)
    return f"{folder}#own"


def test_an_archive_renders_the_same_files(tmp_path: Path) -> None:
    """An archive renders the same files as its pattern, and contains no golden trees or other files."""
    starter = write_starter(tmp_path / "starter", files={"README.md": "# Functions\n", "notes.txt": ""})
    packed = pack(pattern_location(str(starter)), tmp_path, as_wheel=False)
    folder = unpacked(packed.path, tmp_path / "unpacked")

    assert packed.path.name == "functions-0.1.0.zip"
    assert tree_of(folder, container=True) == tree_of(starter, container=True)
    names = {path.name for path in folder.iterdir()}
    assert names == {"README.md", "container", "files", "pattern.yaml"}


def test_shared_layers_are_bundled(tmp_path: Path) -> None:
    """Used shared layers are bundled with their modes; the rest of the pattern.yaml and its comments stay."""
    where = repository(tmp_path / "repository")
    text = tmp_path / "repository/own/pattern.yaml"
    text.write_text(f"# Mine.\n{text.read_text()}# The end.\n")
    packed = pack(pattern_location(where), tmp_path, as_wheel=False)
    folder = unpacked(packed.path, tmp_path / "unpacked")

    assert packed.bundled == 2
    assert {path: file.content for path, file in tree_of(folder).items()} == {
        "a.txt": b"True",
        "ci.yaml": b"x: 1\n",
        "tools/run": b"#!/bin/sh\n",
    }
    assert tree_of(folder)["tools/run"].executable
    assert not (folder / "_bundled/shared/other").exists()
    rewritten = (folder / "pattern.yaml").read_text()
    assert (
        rewritten.replace('"_bundled/shared/tools"', "../shared/tools").replace(
            '"_bundled/shared/ci"', "../shared/ci"
        )
        == text.read_text()
    )


@pytest.mark.slow
def test_the_monolith_is_complete_in_an_archive(tmp_path: Path) -> None:
    """An archive of the monolith renders the same files as the built-in pattern with its shared layers."""
    packed = pack(pattern_location(str(templates_root() / "monolith")), tmp_path, as_wheel=False)
    folder = unpacked(packed.path, tmp_path / "unpacked")
    pattern = find_pattern("monolith")
    for options in ({}, {"database": "mysql", "cache": "memcached", "auth": "oauth2"}):
        tree = render(pattern, check_answers(pattern, "my-shop", options)).tree
        assert tree_of(folder, **options) == {path: file for path, file in tree.items() if not file.secret}


@pytest.mark.parametrize("as_wheel", [False, True])
def test_a_package_is_reproducible(tmp_path: Path, as_wheel: bool) -> None:
    """The same pattern gives the same bytes, independent of file times."""
    contents = []
    for name in ("one", "two"):
        starter = write_starter(tmp_path / name)
        (tmp_path / f"{name}-out").mkdir()
        contents.append(
            pack(
                pattern_location(str(starter)), tmp_path / f"{name}-out", as_wheel=as_wheel
            ).path.read_bytes()
        )
        (starter / "pattern.yaml").touch()
    assert contents[0] == contents[1]


def test_a_wheel_lists_its_files_with_their_hashes(tmp_path: Path) -> None:
    """RECORD lists all files of a wheel with sizes and hashes, as the wheel format requires."""
    packed = pack(pattern_location(str(write_starter(tmp_path / "starter"))), tmp_path, as_wheel=True)
    info = "blueprint_pattern_functions-0.1.0.dist-info"
    with zipfile.ZipFile(packed.path) as wheel:
        rows = [*csv.reader(io.StringIO(wheel.read(f"{info}/RECORD").decode()))]
        names = wheel.namelist()
        assert {row[0] for row in rows} == set(names)
        for path, digest, size in rows:
            if path != f"{info}/RECORD":
                content = wheel.read(path)
                expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                assert (digest, int(size)) == (f"sha256={expected}", len(content))
        assert wheel.read(f"{info}/entry_points.txt") == (
            b"[blueprint.patterns]\nfunctions = blueprint_pattern_functions\n"
        )
        assert b"Name: blueprint-pattern-functions\nVersion: 0.1.0\n" in wheel.read(f"{info}/METADATA")


@pytest.mark.parametrize(
    ("version", "packaged"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2.3-rc.1", "1.2.3rc1"),
        ("1.2.3-alpha.2", "1.2.3a2"),
        ("1.2.3+local", "1.2.3+local"),
    ],
)
def test_versions_are_converted_for_wheels(tmp_path: Path, version: str, packaged: str) -> None:
    """A semantic version becomes a version of a Python package, which writes pre-releases differently."""
    starter = write_starter(tmp_path / "starter", ("pattern.yaml", "version: 0.1.0", f"version: {version}"))
    packed = pack(pattern_location(str(starter)), tmp_path, as_wheel=True)
    assert packed.path.name == f"blueprint_pattern_functions-{packaged}-py3-none-any.whl"


def test_packing_errors(tmp_path: Path) -> None:
    """Invalid versions, problems, an existing _bundled and a missing folder are errors without output."""
    odd = write_starter(tmp_path / "odd", ("pattern.yaml", "version: 0.1.0", "version: 0.1.0-next"))
    with pytest.raises(PatternError, match=r"0\.1\.0-next is not a valid version of a Python package"):
        pack(pattern_location(str(odd)), tmp_path, as_wheel=True)
    broken = write_starter(tmp_path / "broken", ("pattern.yaml", "look: [README.md,", "look: [READMI.md,"))
    with pytest.raises(PatternError, match=r"has 1 problem$"):
        pack(pattern_location(str(broken)), tmp_path, as_wheel=False)
    where = repository(tmp_path / "repository")
    (tmp_path / "repository/own/_bundled").mkdir()
    with pytest.raises(PatternError, match=r"cannot bundle shared layers: .*_bundled already exists"):
        pack(pattern_location(where), tmp_path, as_wheel=False)
    with pytest.raises(DiskError, match="cannot write"):
        pack(pattern_location(str(write_starter(tmp_path / "fine"))), tmp_path / "none", as_wheel=False)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".zip", ".whl")] == []


def test_the_layers_of_any_valid_yaml_are_redirected(tmp_path: Path) -> None:
    """One reader decides what is valid YAML, for example a plain text in braces that ends in `?`."""
    repository(tmp_path / "repository")
    file = tmp_path / "repository/own/pattern.yaml"
    file.write_text(
        "format: 1\nname: tiny\ntitle: Été 🌊\nsummary: Größe.\nversion: 1.2.3\n"
        "options:\n  kubernetes: {type: boolean, question: Für Kubernetes?, default: true}\n"
        'layers: [{to: ".", from: files}, {"from": "../shared/tools", to: tools},\n'
        "  {from: ../shared/ci, to: ., when: kubernetes}]  # shared\n"
        "run: make run\ntest: make test\n"
    )
    packed = pack(pattern_location(f"{tmp_path / 'repository'}#own"), tmp_path, as_wheel=False)
    rewritten = (unpacked(packed.path, tmp_path / "unpacked") / "pattern.yaml").read_text()

    assert rewritten == file.read_text().replace('"../shared/tools"', '"_bundled/shared/tools"').replace(
        "../shared/ci", '"_bundled/shared/ci"'
    )
