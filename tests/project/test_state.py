"""State files of a project in `.blueprint/`."""

import io
import tarfile
from pathlib import Path

import yaml

from blueprint import __version__
from blueprint.patterns import check_answers, load_pattern
from blueprint.project import with_state
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


def test_the_archive_contains_all_files_except_secret_ones(tmp_path: Path) -> None:
    """The archive contains the bytes and the execute permission of each file that is not secret."""
    tree = project(tmp_path)
    with tarfile.open(fileobj=io.BytesIO(tree[".blueprint/pristine.tar.gz"].content)) as archive:
        kept = {
            member.name: File(stream.read(), bool(member.mode & 0o100))
            for member in archive
            if (stream := archive.extractfile(member))
        }
    assert kept == {
        path: file for path, file in tree.items() if not file.secret and not path.startswith(".blueprint/")
    }


def test_the_state_is_reproducible(tmp_path: Path) -> None:
    """The same answers give the same bytes: the archive contains no times and no user."""
    first, second = project(tmp_path), project(tmp_path)
    assert {**first, ".env": None} == {**second, ".env": None}
    assert first[".blueprint/pristine.tar.gz"].content[4:8] == bytes(4), "the gzip header contains a time"
