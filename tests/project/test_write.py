"""Atomic writes: either the whole tree is on disk or nothing is."""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blueprint.errors import DiskError, TargetError
from blueprint.project import read_tree, write
from blueprint.render import File

TREE = {
    "a.txt": File(b"a"),
    "bin/run": File(b"#!/bin/sh\n", executable=True),
    "deep/er/secret": File(b"s", secret=True),
    "large": File(bytes(200_000)),
}


def no_action() -> None:
    """A `before_commit` that does nothing."""


def everything(folder: Path) -> dict[str, bytes | None]:
    """Path to content of everything in `folder`; None stands for a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("target", ["shop", "not/there/yet/shop", "empty", "full"])
def test_all_files_are_written_with_their_modes(tmp_path: Path, target: str) -> None:
    """Files are written to missing, nested, empty and used folders, and nothing else remains."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "full/deep").mkdir(parents=True)
    (tmp_path / "full/deep/mine").write_bytes(b"mine")
    before = everything(tmp_path)
    folder = tmp_path / target

    write(TREE, folder, before_commit=no_action)

    assert read_tree(folder, TREE) == {path: File(f.content, f.executable) for path, f in TREE.items()}
    assert (folder / "deep/er/secret").stat().st_mode & 0o777 == 0o600
    made = set(everything(tmp_path)) - set(before)
    parents = {str(parent) for path in TREE for parent in (Path(target) / path).parents} - {"."}
    assert made | set(before) == {f"{target}/{path}" for path in TREE} | parents | set(before)


class Interrupted(BaseException):
    """Interrupts a write, as Ctrl-C does."""


def _interrupt() -> None:
    raise Interrupted


def _fail_open_after(after: int) -> Callable[..., int]:
    real, calls = os.open, iter(range(1000))

    def fail(path: str, flags: int, *rest: int, **keywords: int) -> int:
        if flags & os.O_CREAT and next(calls) >= after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, flags, *rest, **keywords)

    return fail


@pytest.mark.parametrize("target", ["shop", "not/there/yet/shop", "full"])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, after: int
) -> None:
    """A write to a full disk leaves nothing behind, whichever file fails."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine").write_bytes(b"mine")
    before = everything(tmp_path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _fail_open_after(after))
        with pytest.raises(DiskError, match="No space left on device") as caught:
            write(TREE, tmp_path / target, before_commit=no_action)
    assert caught.value.hint
    assert everything(tmp_path) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KiB."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount or not umount or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    command = [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run([umount, str(folder)], check=True)


@pytest.mark.parametrize("target", ["shop", "."])
def test_a_full_file_system_is_unchanged(small_disk: Path, target: str) -> None:
    """A write to a real file system without space leaves nothing on it."""
    with pytest.raises(DiskError, match="No space left on device"):
        write(TREE, small_disk / target, before_commit=no_action)
    assert everything(small_disk) == {}


@pytest.mark.parametrize("target", ["shop", "not/there/yet/shop", "full"])
def test_an_interruption_before_the_commit_leaves_nothing(tmp_path: Path, target: str) -> None:
    """An interruption before the commit leaves nothing, although all files are staged."""
    (tmp_path / "full").mkdir()
    before = everything(tmp_path)

    with pytest.raises(Interrupted):
        write(TREE, tmp_path / target, before_commit=_interrupt)
    assert everything(tmp_path) == before


def test_a_file_that_appears_during_the_write_is_not_lost(tmp_path: Path) -> None:
    """If another process creates one of the files, the write is undone and that file stays."""

    def other_process_writes() -> None:
        (tmp_path / "deep/er").mkdir(parents=True)
        (tmp_path / "deep/er/secret").write_bytes(b"theirs")

    with pytest.raises(DiskError, match="File exists"):
        write(TREE, tmp_path, before_commit=other_process_writes)
    assert everything(tmp_path) == {"deep": None, "deep/er": None, "deep/er/secret": b"theirs"}


def test_a_folder_that_appears_during_the_write_is_not_touched(tmp_path: Path) -> None:
    """If another process creates the target folder, the write fails and the folder stays."""

    def other_process_writes() -> None:
        (tmp_path / "shop").mkdir()
        (tmp_path / "shop/theirs").write_bytes(b"theirs")

    with pytest.raises(DiskError, match="cannot write"):
        write(TREE, tmp_path / "shop", before_commit=other_process_writes)
    assert everything(tmp_path) == {"shop": None, "shop/theirs": b"theirs"}


@pytest.mark.parametrize(
    "target", ["file", "file/shop", "dangling", "/proc/shop", "/dev/null/shop", "x" * 300]
)
def test_an_unwritable_target_is_an_error(tmp_path: Path, target: str) -> None:
    """A target that cannot be written gives one error and changes nothing."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "dangling").symlink_to("nothing")
    before = everything(tmp_path)

    with pytest.raises(DiskError, match="cannot write"):
        write(TREE, tmp_path / target, before_commit=no_action)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("link", ["a.txt", "bin", "deep/er"])
def test_a_link_in_the_way_is_not_followed(tmp_path: Path, link: str) -> None:
    """A link in place of a file or folder is an error, because it can lead out of the project."""
    outside = tmp_path / "outside"
    outside.mkdir()
    place = tmp_path / "shop" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(outside)

    with pytest.raises(TargetError, match="is in the way"):
        read_tree(tmp_path / "shop", TREE)


def test_a_path_of_the_wrong_type_is_an_error(tmp_path: Path) -> None:
    """A folder in place of a file is an error, and so is a file in place of a folder."""
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(TargetError, match=r"a\.txt is in the way"):
        read_tree(tmp_path, TREE)
    (tmp_path / "bin").write_bytes(b"")
    with pytest.raises(TargetError, match="bin is in the way"):
        read_tree(tmp_path, ["bin/run"])


def test_a_file_that_cannot_be_read_is_an_error_with_advice(tmp_path: Path) -> None:
    """The message says why it cannot be read, and the hint what to do instead of the same again."""
    with pytest.raises(DiskError, match="File name too long") as caught:
        read_tree(tmp_path, ["a" * 300])
    assert caught.value.hint == "Make it readable, and run the command again."
