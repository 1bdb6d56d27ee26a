"""What an update does to each file: pure, so that `diff`, a dry run and the real run cannot differ.

It is the plan of a project that is there already: `base` is what blueprint wrote last, `new` what the pattern
gives now, `disk` what the user has made of it.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace

from blueprint.render import File, Tree

from .moves import find_moves
from .outcome import Change, Edit, Outcome
from .textmerge import merge_content, same_file
from .variables import changed_values, missing_variables, with_variables

MIGRATIONS = "migrations"
"""The folder of steps that a database may have taken already: what is in it is never rewritten."""

SUFFIX = ".new"


@dataclass(frozen=True)
class Situation:
    """The three trees of an update.

    `replaced` are paths of `base` where the user has put something else than a plain file. `taken` are paths
    beside files that exist already. `secrets` are the files of secrets as the pattern gives them with the
    answers before. `label` names the pattern in conflict markers. `once` are files that only a new project
    gets: one that is there is not touched.
    """

    base: Tree
    new: Tree
    disk: Tree
    label: str
    replaced: Set[str]
    taken: Set[str]
    secrets: Tree
    once: Set[str] = field(default=frozenset())


def reconcile(situation: Situation) -> list[Change]:
    """One change for every file of `base` or `new`, by path. No edit of the user's is ever lost."""
    base, new, disk = situation.base, situation.new, situation.disk
    touched = [
        path
        for path, file in base.items()
        if path not in new and not _is_migration(path) and path in disk and not same_file(disk[path], file)
    ]
    appeared = [
        path for path, file in new.items() if path not in base and path not in disk and not file.secret
    ]
    moves = find_moves(base, new, touched, appeared)
    left = set(moves.values())
    return [
        _moved(situation, path, moves[path]) if path in moves else _change(situation, path)
        for path in sorted(base.keys() | new.keys())
        if path not in left
    ]


def _change(situation: Situation, path: str) -> Change:
    base, new, disk = situation.base.get(path), situation.new.get(path), situation.disk.get(path)
    if path in situation.replaced:
        return Change(path, Outcome.UNCHANGED if new == base else Outcome.REPLACED)
    if new is not None and new.secret:
        return _secret(path, situation.secrets.get(path, new), new, disk)
    if base is not None and _is_migration(path) and disk is not None and new != base and new != disk:
        return Change(path, Outcome.KEPT_MIGRATION)
    if new is None:
        return _dropped(path, base, disk)
    if disk is None:
        return _absent(path, base, new)
    if new in (base, disk) or path in situation.once:
        return Change(path, Outcome.UNCHANGED)
    return _both(situation, path, base, new, disk)


def _dropped(path: str, base: File | None, disk: File | None) -> Change:
    """The pattern has the file no more."""
    if disk is None or base is None:
        return Change(path, Outcome.UNCHANGED)
    if same_file(disk, base):
        return Change(path, Outcome.DELETED, (Edit(path, disk, None),))
    return Change(path, Outcome.KEPT)


def _absent(path: str, base: File | None, new: File) -> Change:
    """The file is not on disk: it is new, or the user has deleted it."""
    if base is None:
        return Change(path, Outcome.CREATED, (Edit(path, None, new),))
    return Change(path, Outcome.UNCHANGED if new == base else Outcome.LEFT_DELETED)


def _both(situation: Situation, path: str, base: File | None, new: File, disk: File) -> Change:
    """The file is there, and the pattern changed it or adds one of the same name."""
    after = _merged(situation, base, new, disk)
    if after is None:
        beside = _free(path, situation.taken)
        return Change(path, Outcome.BESIDE, (Edit(beside, None, new),), note=beside)
    file, conflict = after
    if file == disk:
        return Change(path, Outcome.UNCHANGED)
    edits = (Edit(path, disk, file),)
    if conflict:
        return Change(path, Outcome.CONFLICT, edits)
    untouched = base is not None and same_file(disk, base)
    return Change(path, Outcome.UPDATED if untouched else Outcome.MERGED, edits)


def _moved(situation: Situation, path: str, was: str) -> Change:
    """The pattern renamed a file that the user had edited: the edits go with it."""
    base, new, disk = situation.base[was], situation.new[path], situation.disk[was]
    after = _merged(situation, base, new, disk)
    if after is None:
        return Change(path, Outcome.CREATED, (Edit(path, None, new),), note=f"{was} is kept with your edits")
    file, conflict = after
    edits = (Edit(path, None, file), Edit(was, disk, None))
    return Change(path, Outcome.CONFLICT if conflict else Outcome.MERGED, edits, was=was)


def _merged(situation: Situation, base: File | None, new: File, disk: File) -> tuple[File, bool] | None:
    """The merged file and whether it has conflicts, or None if it cannot be merged."""
    merged = merge_content(base.content if base else b"", disk.content, new.content, situation.label)
    if merged is None:
        return None
    executable = new.executable if base and disk.executable == base.executable else disk.executable
    return File(merged.content, executable), merged.conflict


def _secret(path: str, before: File, new: File, disk: File | None) -> Change:
    """A file of secrets, which no archive has: only what is missing may be added."""
    if disk is None:
        return Change(path, Outcome.CREATED, (Edit(path, None, new),))
    missing = missing_variables(disk.content, new.content)
    extended = replace(disk, content=with_variables(disk.content, missing), secret=True)
    edits = (Edit(path, disk, extended),) if missing else ()
    changed = changed_values(before.content, new.content)
    if changed:
        return Change(path, Outcome.KEPT_SECRET, edits, note=", ".join(changed))
    return Change(path, Outcome.EXTENDED if missing else Outcome.UNCHANGED, edits, note=", ".join(missing))


def _is_migration(path: str) -> bool:
    return MIGRATIONS in path.split("/")[:-1]


def _free(path: str, taken: Set[str]) -> str:
    """A name beside `path` that nothing has."""
    return next(name for name in beside(path) if name not in taken)


def beside(path: str) -> Iterator[str]:
    """The names to try beside `path`: `x.new`, `x.new2`, ..."""
    yield f"{path}{SUFFIX}"
    number = 1
    while True:
        number += 1
        yield f"{path}{SUFFIX}{number}"
