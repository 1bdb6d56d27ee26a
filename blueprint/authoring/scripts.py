"""Checks of the scripts and briefs of a pattern's tasks and migrations; nothing is run."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

from blueprint.errors import HostilePatternError, PatternError
from blueprint.patterns.versions import version_key
from blueprint.sources.programs import Program, brief_text, migration_program, task_program

from .pattern_sources import PatternSources
from .problems import Problem, ProblemCode
from .validation import DocumentPath


def script_problems(sources: PatternSources) -> Iterator[Problem]:
    """Scripts and briefs that cannot be used, and migrations that no update ever runs."""
    pattern = sources.pattern
    for number, task in enumerate(pattern.tasks):
        yield from _attempt(sources, partial(task_program, pattern, task), ["tasks", number])
    for number, migration in enumerate(pattern.migrations):
        where: DocumentPath = ["migrations", number]
        yield from _attempt(sources, partial(migration_program, pattern, migration), where)
        if migration.brief is not None:
            yield from _attempt(sources, partial(brief_text, pattern, migration.brief), where)
        if version_key(migration.version) > version_key(pattern.version):
            message = f"no update runs the migration to {migration.version}: the pattern is {pattern.version}"
            yield sources.problem("bad-script", message, *where)


def script_texts(sources: PatternSources) -> Iterator[str]:
    """The texts of all programs that can be read; they may use any option."""
    pattern = sources.pattern
    for owner in (pattern, *pattern.included):
        for task in owner.tasks:
            yield from _text(partial(task_program, owner, task))
        for migration in owner.migrations:
            yield from _text(partial(migration_program, owner, migration))


def _attempt(sources: PatternSources, read: Callable[[], object], where: DocumentPath) -> Iterator[Problem]:
    try:
        read()
    except PatternError as error:
        code: ProblemCode = "hostile" if isinstance(error, HostilePatternError) else "bad-script"
        yield sources.problem(code, error.message, *where)


def _text(read: Callable[[], Program | None]) -> Iterator[str]:
    with suppress(PatternError):
        program = read()
        if program:
            yield program.text
