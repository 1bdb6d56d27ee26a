"""Programs of native patterns: tasks on a rendered project, and migrations of a project's files.

The text that runs is the text that is shown, from memory. A program gets the answers as data, never as part
of its text.
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from blueprint.errors import HostilePatternError, PatternError, RenderError
from blueprint.patterns import Answers, Pattern
from blueprint.patterns.model import Migration, Task
from blueprint.patterns.versions import version_key
from blueprint.render.layers import MAX_FILE

from .program_text import check_encoding
from .sanitize import printable
from .scripted import PreviousVersion

CONTEXT = "BLUEPRINT_CONTEXT"
"""Environment variable with the path of a JSON file: what the program may know."""

_INTERPRETERS: Mapping[str, Sequence[str]] = {".py": (sys.executable, "-I", "-B"), ".sh": ("/bin/sh",)}
"""How to run a script, by its suffix. Python is isolated, so that it imports no file beside the script."""


@dataclass(frozen=True)
class Program:
    """A command line, or the text of a script with the suffix `.py` or `.sh`, and what to call it."""

    what: str
    text: str
    suffix: str = ""


def tasks_of(pattern: Pattern) -> Iterator[tuple[Task, Program]]:
    """Yield the tasks of a pattern with their programs, those of included patterns first.

    Raises PatternError.
    """
    for owner in (*pattern.included, pattern):
        for task in owner.tasks:
            yield task, task_program(owner, task)


def task_program(pattern: Pattern, task: Task) -> Program:
    """Return the program of one task of `pattern`. Raises PatternError."""
    if task.script is None:
        return Program("task", task.run or "")
    return _script(pattern, task.script, f"task {task.script}")


def migration_program(pattern: Pattern, migration: Migration) -> Program | None:
    """Return the program of a migration, or None if it has only a brief. Raises PatternError."""
    if migration.script is None:
        return None
    what = f"migration to {migration.version}, {migration.stage} the merge"
    return _script(pattern, migration.script, what)


class MigrationsDue(NamedTuple):
    """The migrations of one pattern for an update from the version `before`, in the order of versions."""

    owner: Pattern
    before: str
    migrations: Sequence[Migration]


def migrations_between(pattern: Pattern, before: PreviousVersion) -> Iterator[MigrationsDue]:
    """Yield the migrations for an update from `before`: those of included patterns first, as with tasks.

    A pattern whose version the project does not record was not included then, and has nothing to migrate.
    """
    for owner in (*pattern.included, pattern):
        version = before.version if owner is pattern else before.included.get(owner.name)
        if version is None:
            continue
        low, high = version_key(version), version_key(owner.version)
        found = [each for each in owner.migrations if low < version_key(each.version) <= high]
        if found:
            found.sort(key=lambda migration: version_key(migration.version))
            yield MigrationsDue(owner, version, found)


class Brief(NamedTuple):
    """What a person or an agent has to do for the migration to a version of a pattern, in Markdown."""

    pattern: str
    version: str
    text: str


def briefs_between(pattern: Pattern, before: PreviousVersion) -> list[Brief]:
    """Return the briefs for an update from `before`. Raises PatternError."""
    return [
        Brief(due.owner.name, each.version, printable(brief_text(due.owner, each.brief)).strip())
        for due in migrations_between(pattern, before)
        for each in due.migrations
        if each.brief is not None
    ]


def brief_text(pattern: Pattern, path: str) -> str:
    """Return the text of the brief at `path` in the folder of `pattern`. Raises PatternError."""
    return _read(pattern, path)


def context_of(pattern: Pattern, answers: Answers, **more: str) -> dict[str, Any]:
    """Return what a program may know: the answers, the names of project and pattern, and `more`."""
    return {
        "project": answers.project,
        "package": answers.package,
        "options": dict(answers.options),
        "pattern": {"name": pattern.name, "version": pattern.version},
        **more,
    }


def run_programs(programs: Iterable[Program], folder: Path, context: Mapping[str, Any]) -> None:
    """Run `programs` in `folder`, until one fails. Raises RenderError."""
    with TemporaryDirectory(prefix="blueprint-programs-") as scratch:
        described = Path(scratch, "context.json")
        described.write_text(json.dumps(context, ensure_ascii=False), "utf-8")
        for program in programs:
            command = ["/bin/sh", "-c", program.text]
            if program.suffix:
                script = Path(scratch, f"program{program.suffix}")
                script.write_text(program.text, "utf-8", newline="")
                command = [*_INTERPRETERS[program.suffix], str(script)]
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, CONTEXT: str(described)},
                stdin=subprocess.DEVNULL,
                check=False,
            )
            if done.returncode != 0:
                name = program.what if program.suffix else f"{program.what} {program.text!r}"
                raise RenderError(
                    f"the {name} failed with exit status {done.returncode}",
                    hint="Its output is above. Nothing was written to the project.",
                )


def _script(pattern: Pattern, path: str, what: str) -> Program:
    suffix = Path(path).suffix
    if suffix not in _INTERPRETERS:
        raise PatternError(
            f"the script {path} of {pattern.name} is neither Python nor a shell script",
            hint="Let its name end with .py or .sh, or use `run`.",
        )
    text = _read(pattern, path)
    check_encoding(text, path)
    if suffix == ".py":
        try:
            ast.parse(text)
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            raise PatternError(
                f"the script {path}{line} is not valid Python", hint="Correct the script."
            ) from error
    return Program(what, text, suffix)


def _read(pattern: Pattern, path: str) -> str:
    """Return the text of a file in the folder of `pattern`. Raises PatternError."""
    location = Path(os.path.normpath(pattern.folder / path))
    inside = location.is_relative_to(pattern.folder)
    if not inside or not location.resolve().is_relative_to(pattern.folder.resolve()):
        raise HostilePatternError(f"{path!r} is outside the folder of {pattern.name}")
    try:
        if location.stat().st_size > MAX_FILE:
            raise HostilePatternError(f"{location} is larger than {MAX_FILE >> 20} MiB")
        return location.read_bytes().decode("utf-8")
    except OSError as error:
        raise PatternError(f"cannot read {location}: {error.strerror}", hint="Create the file.") from error
    except UnicodeDecodeError as error:
        raise PatternError(f"{location} is not UTF-8 text", hint="Store it as UTF-8.") from error
