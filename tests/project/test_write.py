"""Either the whole tree is on disk, or nothing is."""

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


def nothing() -> None:
    """No seal."""


def everything(folder: Path) -> dict[str, bytes | None]:
    """What is below `folder`: the bytes of files, None for folders."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("target", ["shop", "not/there/yet/shop", "empty", "full"])
def test_all_files_are_written_as_they_are(tmp_path: Path, target: str) -> None:
    """Into a folder that is missing, deep, empty or in use, with modes; nothing else is left."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "full/deep").mkdir(parents=True)
    (tmp_path / "full/deep/mine").write_bytes(b"mine")
    before = everything(tmp_path)
    folder = tmp_path / target

    write(TREE, folder, before_commit=nothing)

    assert read_tree(folder, TREE) == {path: File(f.content, f.executable) for path, f in TREE.items()}
    assert (folder / "deep/er/secret").stat().st_mode & 0o777 == 0o600
    made = set(everything(tmp_path)) - set(before)
    parents = {str(parent) for path in TREE for parent in (Path(target) / path).parents} - {"."}
    assert made | set(before) == {f"{target}/{path}" for path in TREE} | parents | set(before)


class Stopped(BaseException):
    """As when the user presses Ctrl-C."""


def _stop() -> None:
    raise Stopped


def _no_space(after: int) -> Callable[..., int]:
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
    """At whichever file it gets full."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine").write_bytes(b"mine")
    before = everything(tmp_path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _no_space(after))
        with pytest.raises(DiskError, match="No space left on device") as caught:
            write(TREE, tmp_path / target, before_commit=nothing)
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
def test_a_disk_that_is_really_full_is_as_it_was(small_disk: Path, target: str) -> None:
    """Nothing of the project is left on it."""
    with pytest.raises(DiskError, match="No space left on device"):
        write(TREE, small_disk / target, before_commit=nothing)
    assert everything(small_disk) == {}


@pytest.mark.parametrize("target", ["shop", "not/there/yet/shop", "full"])
def test_who_stops_before_the_seal_finds_nothing(tmp_path: Path, target: str) -> None:
    """All is written, but nothing was moved into place yet."""
    (tmp_path / "full").mkdir()
    before = everything(tmp_path)

    with pytest.raises(Stopped):
        write(TREE, tmp_path / target, before_commit=_stop)
    assert everything(tmp_path) == before


def test_a_file_that_appeared_meanwhile_is_not_lost(tmp_path: Path) -> None:
    """What was moved already is taken back."""

    def somebody_else_writes() -> None:
        (tmp_path / "deep/er").mkdir(parents=True)
        (tmp_path / "deep/er/secret").write_bytes(b"theirs")

    with pytest.raises(DiskError, match="File exists"):
        write(TREE, tmp_path, before_commit=somebody_else_writes)
    assert everything(tmp_path) == {"deep": None, "deep/er": None, "deep/er/secret": b"theirs"}


def test_a_folder_that_appeared_meanwhile_is_not_touched(tmp_path: Path) -> None:
    """Somebody was faster."""

    def somebody_else_writes() -> None:
        (tmp_path / "shop").mkdir()
        (tmp_path / "shop/theirs").write_bytes(b"theirs")

    with pytest.raises(DiskError, match="cannot write"):
        write(TREE, tmp_path / "shop", before_commit=somebody_else_writes)
    assert everything(tmp_path) == {"shop": None, "shop/theirs": b"theirs"}


@pytest.mark.parametrize(
    "target", ["file", "file/shop", "dangling", "/proc/shop", "/dev/null/shop", "x" * 300]
)
def test_where_nothing_can_be_written_that_is_said(tmp_path: Path, target: str) -> None:
    """One clear error, and everything is as it was."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "dangling").symlink_to("nothing")
    before = everything(tmp_path)

    with pytest.raises(DiskError, match="cannot write"):
        write(TREE, tmp_path / target, before_commit=nothing)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("link", ["a.txt", "bin", "deep/er"])
def test_a_link_in_the_way_is_not_followed(tmp_path: Path, link: str) -> None:
    """It could lead out of the project."""
    outside = tmp_path / "outside"
    outside.mkdir()
    place = tmp_path / "shop" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(outside)

    with pytest.raises(TargetError, match="is in the way"):
        read_tree(tmp_path / "shop", TREE)


def test_a_folder_where_a_file_should_be_is_in_the_way(tmp_path: Path) -> None:
    """And so is a file where a folder should be."""
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(TargetError, match=r"a\.txt is in the way"):
        read_tree(tmp_path, TREE)
    (tmp_path / "bin").write_bytes(b"")
    with pytest.raises(TargetError, match="bin is in the way"):
        read_tree(tmp_path, ["bin/run"])
