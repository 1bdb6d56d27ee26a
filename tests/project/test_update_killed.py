"""Any update that is killed at any file operation is finished by the next one."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import TargetError
from blueprint.project.apply.journal import (
    STAGING,
    apply_edits,
    discard_uncommitted,
    finish_update,
    is_interrupted,
)
from blueprint.project.blocked import check_unblocked
from blueprint.project.merge.inputs import collect_inputs
from blueprint.project.merge.outcome import FileChange, FileEdit
from blueprint.project.merge.reconcile import reconcile
from blueprint.project.state import MAIN, state_files
from blueprint.render import File, Tree
from blueprint.render.paths import fold_path

from .killing import KILLER, NEVER, Killed, state

NAMES = ("a", "A", "b", "conf", "migrations")


SOURCE = state_files(MAIN).source
OLD, NEW = File(b"version: 1\n"), File(b"version: 2\n")


def paths(random: random.Random) -> set[str]:
    """Draw paths of files, none of which is also a folder or another spelling of one."""
    chosen: dict[str, str] = {}
    for _ in range(random.randint(0, 7)):
        path = "/".join(random.choices(NAMES, k=random.choice([1, 1, 2, 2, 3])))
        folded = fold_path(path)
        spelled = {fold_path(above): above for each in chosen.values() for above in prefixes(each)}
        fits = all(spelled.get(fold_path(above), above) == above for above in prefixes(path))
        if fits and not any(
            f"{folded}/".startswith(f"{each}/") or each.startswith(f"{folded}/") for each in chosen
        ):
            chosen[folded] = path
    return set(chosen.values())


def prefixes(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def content(random: random.Random) -> bytes:
    """Draw one of a few contents, so that files are often renamed."""
    text = random.choice([b"one\ntwo\nthree\nfour\n", b"five\nsix\nseven\n", b"\0binary", b"x\r\ny\r\n", b""])
    return text + random.choice([b"", b"", b"more\n"])


def drawn_tree(random: random.Random) -> Tree:
    return {path: File(content(random), random.random() < 0.2) for path in sorted(paths(random))}


def write_tree(folder: Path, tree: Tree) -> None:
    for path, file in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        target.chmod(0o755 if file.executable else 0o644)


def edit(random: random.Random, folder: Path) -> None:
    """Edit a project as a user would: lines, modes, deletions, links, folders and files."""
    for location in sorted(path for path in folder.rglob("*") if ".blueprint" not in path.parts):
        what = random.choice(["", "", "", "lines", "append", "mode", "delete", "link", "folder", "crlf"])
        if not location.is_file() or location.is_symlink():
            continue
        if what == "lines":
            location.write_bytes(b"mine\n" + location.read_bytes())
        elif what == "append":
            location.write_bytes(location.read_bytes() + b"mine\n")
        elif what == "crlf":
            location.write_bytes(location.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        elif what == "mode":
            location.chmod(random.choice([0o600, 0o700, 0o640]))
        elif what:
            location.unlink()
            if what == "link":
                location.symlink_to("elsewhere")
            if what == "folder":
                location.mkdir()
                (location / "mine").write_bytes(b"mine\n")
    for _ in range(random.choice([0, 0, 1, 2])):
        location = folder / "/".join(random.choices(NAMES, k=2))
        if location.parent.is_dir() and not os.path.lexists(location):
            location.write_bytes(b"mine alone\n")


def update(folder: Path, base: Tree, new: Tree) -> list[FileChange]:
    """Update the project in `folder` as `blueprint update` does: finish an earlier update, or begin one."""
    if is_interrupted(folder):
        return finish_update(folder)
    discard_uncommitted(folder)
    base = base if (folder / SOURCE).read_bytes() == OLD.content else new
    changes = reconcile(collect_inputs(folder, base, new, label="tiny 2.0.0"))
    edits = [edit for change in changes for edit in change.edits]
    check_unblocked(folder, edits)
    if base is not new:
        edits.append(FileEdit(SOURCE, OLD, NEW))
    return apply_edits(folder, edits, changes, before_commit=lambda: None) if edits else changes


def swaps(base: Tree, new: Tree) -> int:
    """The number of files that become folders, folders that become files, and changed spellings."""
    folders = [{above for path in tree for above in prefixes(path)[:-1]} for tree in (base, new)]
    spelled = {fold_path(path): path for path in base}
    renamed = sum(spelled.get(fold_path(path), path) != path for path in new)
    return len(base.keys() & folders[1]) + len(new.keys() & folders[0]) + renamed


COUNTS: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _print_counts() -> Iterator[None]:
    yield
    print("\n" + ", ".join(f"{number} {what}" for what, number in COUNTS.items()))


@pytest.mark.slow
@given(st.randoms(use_true_random=True))
def test_a_killed_update_is_finished_by_the_next(source: random.Random) -> None:
    """Two random trees, edited at random and killed at each file operation, end as without a kill.

    The update is refused only where an edit of the user is in the way, and then nothing changes. After an
    update, another one changes no byte.
    """
    base, new = drawn_tree(source), drawn_tree(source)
    with TemporaryDirectory(prefix="blueprint-killed-") as scratch:
        original = Path(scratch, "original")
        write_tree(original, {**base, SOURCE: OLD})
        edited = source.random() < 0.8
        if edited:
            edit(source, original)
        before = state(original)
        COUNTS["pairs of trees"] += 1
        COUNTS["swaps"] += swaps(base, new)
        whole = shutil.copytree(original, Path(scratch, "whole"), symlinks=True)
        try:
            with KILLER.watching(whole, NEVER):
                reported = update(whole, base, new)
        except TargetError:
            COUNTS["refused"] += 1
            assert edited
            assert state(whole) == before
            return
        expected = state(whole)
        assert not (whole / STAGING).exists()
        update(whole, base, new)
        assert state(whole) == expected

        for fatal in range(1, KILLER.seen + 1):
            copy = shutil.copytree(original, Path(scratch, "copy"), symlinks=True)
            with KILLER.watching(copy, fatal), pytest.raises(Killed):
                update(copy, base, new)
            COUNTS["kills"] += 1
            left = {path: entry for path, entry in state(copy).items() if not path.startswith(STAGING)}
            committed = is_interrupted(copy)
            assert committed or left in (before, expected)
            finished = outcomes(update(copy, base, new))
            assert finished == outcomes(reported) or left == expected
            assert state(copy) == expected
            shutil.rmtree(copy)


def outcomes(changes: list[FileChange]) -> list[tuple[str, str, str]]:
    return [(change.path, change.outcome, change.note) for change in changes]
