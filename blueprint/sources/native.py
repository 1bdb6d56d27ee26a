"""Native patterns from a source: what they include, and those that run code."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace as with_fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec.structs import asdict, replace

from blueprint import render as engine
from blueprint.patterns import Answers, Origin, Pattern, load_pattern
from blueprint.render import Rendering, Tree
from blueprint.render.layers import SUFFIX
from blueprint.render.templates import Templates

from .includes import PatternFolder, named_pattern, with_includes
from .named_programs import programs_in_commands
from .programs import (
    Program,
    context_of,
    migration_program,
    migrations_between,
    run_programs,
    tasks_of,
)
from .sanitize import printable
from .scripted import MigrationStage, PreviousVersion, Script, ScriptedPattern
from .snapshot import Snapshot, content_digest
from .staging import collect_tree, staging, write_tree


class NativeScriptedPattern(ScriptedPattern, frozen=True, kw_only=True):
    """A native pattern with tasks, or with migrations that have scripts. It is loaded from `snapshots`."""

    snapshots: tuple[Snapshot, ...]

    def as_trusted(self) -> "NativeScriptedPattern":
        """Return the pattern with permission to run its code, which has been read already."""
        return replace(self, trusted=True)

    def render(self, answers: Answers) -> Rendering:
        """Render the files, then run the tasks on them."""
        with _original_paths(self.snapshots):
            return render_with_tasks(self, answers)

    def apply_migrations(
        self, tree: Tree, answers: Answers, stage: MigrationStage, before: PreviousVersion
    ) -> Tree:
        """Run the scripts of the migrations of `stage`: of each pattern, in the order of its versions."""
        for due in migrations_between(self, before):
            wanted = [each for each in due.migrations if each.stage == stage]
            programs = [program for each in wanted if (program := migration_program(due.owner, each))]
            context = context_of(self, answers, **{"from": due.before, "to": due.owner.version})
            tree = _run(self, programs, tree, answers.project, context)
        return tree


def render_with_tasks(pattern: Pattern, answers: Answers) -> Rendering:
    """Render a native pattern and run its tasks, which must be trusted. Raises PatternError or RenderError.

    A file is secret if it was rendered so, or contains a random secret.
    """
    rendering = engine.render(pattern, answers)
    templates = Templates(pattern, answers)
    programs = [program for task, program in tasks_of(pattern) if templates.condition(task.when)]
    if not programs:
        return rendering
    tree = _run(pattern, programs, rendering.tree, answers.project, context_of(pattern, answers))
    marked = {
        path: with_fields(file, secret=_is_secret(rendering, path, file.content))
        for path, file in tree.items()
    }
    return with_fields(rendering, tree=marked, repeatable=False)


def load_native(folder: Path, root: Path, origin: Origin) -> Pattern:
    """Load the native pattern in `folder` with what it includes; one that runs code, from a private copy.

    `root` is the folder of the source. Raises PatternError or HostilePatternError.
    """
    pattern = with_includes(load_pattern(folder, root))
    roots = list(dict.fromkeys((root, *(each.root for each in pattern.included))))
    if has_code(pattern):
        return _load_scripted(pattern, roots, origin)
    if origin.type in ("git", "zip"):
        origin = replace(origin, digest=_joined(content_digest(each) for each in roots))
    return replace(pattern, origin=origin)


def has_code(pattern: Pattern) -> bool:
    """Return whether a native pattern runs code in a new project or in an update."""
    owners = (pattern, *pattern.included)
    return any(owner.tasks or any(each.script for each in owner.migrations) for owner in owners)


def _load_scripted(pattern: Pattern, roots: list[Path], origin: Origin) -> NativeScriptedPattern:
    snapshots = {root: Snapshot(root, str(root), commit=origin.commit) for root in roots}

    def copied(found: PatternFolder | None) -> PatternFolder | None:
        if found is None or found.root not in snapshots:
            return None
        copy = snapshots[found.root].folder
        return PatternFolder(copy / found.folder.relative_to(found.root), copy)

    copies = tuple(snapshots.values())
    digest = _joined(each.digest for each in copies)
    with _original_paths(copies):
        copy = copied(PatternFolder(pattern.folder, pattern.root))
        loaded = with_includes(load_pattern(*(copy or ())), lambda name: copied(named_pattern(name)))
        return NativeScriptedPattern(
            **{**asdict(loaded), "origin": replace(origin, digest=digest)},
            scripts=tuple(_task_scripts(loaded)),
            migration_scripts=tuple(_migration_scripts(loaded)),
            snapshots=copies,
        )


def _task_scripts(pattern: Pattern) -> Iterator[Script]:
    """Describe the tasks, and the programs of the pattern that their command lines name."""
    programs = [program for _, program in tasks_of(pattern)]
    yield from map(_described, programs)
    commands = [program.text for program in programs]
    for owner in (*pattern.included, pattern) if programs else ():
        yield from programs_in_commands(owner.folder, commands, SUFFIX)


def _migration_scripts(pattern: Pattern) -> Iterator[Script]:
    for owner in (*pattern.included, pattern):
        for migration in owner.migrations:
            program = migration_program(owner, migration)
            if program:
                yield _described(program)


def _described(program: Program) -> Script:
    return Script(printable(program.what), printable(program.text))


def _run(
    pattern: Pattern, programs: list[Program], tree: Tree, project: str, context: dict[str, Any]
) -> Tree:
    """Run `programs` on a copy of the files in `tree`; return the files."""
    if not programs:
        return tree
    with staging(pattern.name, unbounded=True) as folder:
        target = folder / project
        write_tree(tree, target)
        run_programs(programs, target, context)
        return collect_tree(target, drop_git=True)


def _is_secret(rendering: Rendering, path: str, content: bytes) -> bool:
    known = path in rendering.tree and rendering.tree[path].secret
    return known or any(secret.encode() in content for secret in rendering.secrets)


def _joined(digests: Iterator[str]) -> str:
    """Combine the digests of all folders that a pattern is loaded from."""
    first, *more = digests
    return sha256(" ".join((first, *more)).encode()).hexdigest() if more else first


@contextmanager
def _original_paths(snapshots: tuple[Snapshot, ...]) -> Iterator[None]:
    with ExitStack() as stack:
        for snapshot in snapshots:
            stack.enter_context(snapshot.original_paths())
        yield
