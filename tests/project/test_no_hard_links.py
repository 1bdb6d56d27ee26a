"""Writing to a file system without hard links, such as exFAT or a folder that a virtual machine shares."""

import errno
import os
from pathlib import Path

import pytest

from blueprint.errors import DiskError
from blueprint.project import write
from blueprint.project.apply.journal import apply_edits
from blueprint.project.merge.outcome import FileEdit
from blueprint.render import File

NEW = File(b"new")


@pytest.fixture(autouse=True)
def _without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse hard links as these file systems do."""

    def refuse(_source: Path, target: Path) -> None:
        number = errno.EEXIST if os.path.lexists(target) else errno.EPERM
        raise OSError(number, os.strerror(number), str(target))

    monkeypatch.setattr(os, "link", refuse)


def test_a_project_is_written_into_a_folder(tmp_path: Path) -> None:
    """`new --force` moves the files into the folder, and leaves nothing else there."""
    (tmp_path / "mine").write_text("mine")
    write({"deep/new": NEW}, tmp_path, before_commit=lambda: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "mine"]
    assert (tmp_path / "deep/new").read_bytes() == b"new"


def test_a_file_that_has_appeared_is_not_replaced(tmp_path: Path) -> None:
    """A file that the user creates while the others are staged stays, and the others are removed again."""
    with pytest.raises(DiskError):
        write({"a": NEW, "b": NEW}, tmp_path, before_commit=lambda: (tmp_path / "b").touch())
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_an_update_creates_files(tmp_path: Path) -> None:
    """The journal of an update is completed; it would block every later update."""
    (tmp_path / ".blueprint").mkdir()
    apply_edits(tmp_path, [FileEdit("deep/new", None, NEW)], [], before_commit=lambda: None)
    assert (tmp_path / "deep/new").read_bytes() == b"new"
    assert [*(tmp_path / ".blueprint").iterdir()] == []
