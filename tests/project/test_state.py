"""State files of a project in `.blueprint/`."""

import io
import shutil
import tarfile
from pathlib import Path

import pytest
import yaml

from blueprint import __version__
from blueprint.patterns import check_answers, load_pattern
from blueprint.project import with_state
from blueprint.project.git import ignored_paths
from blueprint.render import File, Tree, render
from tests.patterns_on_disk import write_pattern


def project(folder: Path) -> Tree:
    """A project made from TINY, with its state files."""
    pattern = load_pattern(write_pattern(folder))
    answers = check_answers(pattern, "my-shop", {"replicas": 5})
    return with_state(render(pattern, answers).tree, pattern, answers, "./tiny")


def test_the_answers_can_be_used_again(tmp_path: Path) -> None:
    """The answers contain the pattern as the user named it, the project and every option."""
    assert yaml.safe_load(project(tmp_path)[".blueprint/answers.yaml"].content) == {
        "pattern": "./tiny",
        "project": "my-shop",
        "database": "postgresql",
        "kubernetes": True,
        "domain": "default",
        "replicas": 5,
    }


def test_the_source_names_versions(tmp_path: Path) -> None:
    """The source contains the versions of the pattern and of blueprint."""
    assert yaml.safe_load(project(tmp_path)[".blueprint/source.yaml"].content) == {
        "format": 1,
        "blueprint": __version__,
        "pattern": "tiny",
        "version": "1.2.3",
    }


def archived(tree: Tree, path: str) -> Tree:
    """The files in the archive at `path`."""
    with tarfile.open(fileobj=io.BytesIO(tree[path].content)) as archive:
        return {
            member.name: File(stream.read(), bool(member.mode & 0o100))
            for member in archive
            if (stream := archive.extractfile(member))
        }


def test_the_archive_contains_all_files_except_private_ones(tmp_path: Path) -> None:
    """The archive contains the bytes and the execute permission of each file that may get into git."""
    tree = project(tmp_path)
    assert archived(tree, ".blueprint/pristine.tar.gz") == {
        path: file for path, file in tree.items() if path != ".env" and not path.startswith(".blueprint/")
    }
    assert archived(tree, ".blueprint/private/pristine.tar.gz") == {".env": File(tree[".env"].content)}
    assert tree[".blueprint/private/pristine.tar.gz"].mode == 0o600
    assert tree[".blueprint/private/.gitignore"].content == b"*\n"


IGNORED: dict[str, bytes] = {
    ".gitignore": b"*.local\n!keep.local\nbuild/\n/top\n# c\nsp\\ ace\ndocs/**/x\n",
    "sub/.gitignore": b"!again.local\nonly\n",
}
PATHS = {
    "a.local": True,
    "keep.local": False,
    "build/keep.local": True,
    "sub/build/x": True,
    "top": True,
    "sub/top": False,
    "sp ace": True,
    "docs/a/b/x": True,
    "sub/again.local": False,
    "sub/b.local": True,
    "sub/only": True,
    "only": False,
    "caf\u00e9.local": True,
    "build.txt": False,
}


@pytest.mark.parametrize("git", [True, False])
def test_ignored_files_are_those_that_git_ignores(git: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nested rules, exceptions and folders count as in git, with git and without it."""
    if not git:
        monkeypatch.setattr(shutil, "which", lambda _: None)
    rules = {path: File(content) for path, content in IGNORED.items()}
    assert ignored_paths(rules, PATHS) == {path for path, ignored in PATHS.items() if ignored}


def test_the_settings_of_the_user_ignore_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only rules of the project count: others differ on each machine."""
    (tmp_path / "git").mkdir()
    (tmp_path / "git/ignore").write_text("*\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert ignored_paths({".gitignore": File(b"a\n")}, ["a", "b"]) == {"a"}


def test_the_state_is_reproducible(tmp_path: Path) -> None:
    """The same answers give the same bytes: the archive contains no times and no user."""
    first, second = project(tmp_path), project(tmp_path)
    random = dict.fromkeys((".env", ".blueprint/private/pristine.tar.gz"))
    assert {**first, **random} == {**second, **random}
    assert first[".blueprint/pristine.tar.gz"].content[4:8] == bytes(4), "the gzip header contains a time"
