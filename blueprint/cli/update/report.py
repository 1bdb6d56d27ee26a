"""Markdown report of an update, for a pull request: what changed, why, and what waits for a person."""

from collections.abc import Iterator, Mapping, Sequence

from blueprint.project.merge.outcome import INTENTION, MEANING, NEEDS_YOU, FileChange, FileOutcome

from ..console import pluralize
from .files import NO_TEST
from .result import UpdateResult, UpdatesResult


def to_markdown(result: UpdatesResult) -> str:
    """Return the report of every template that was updated."""
    return "\n".join(line for update in result.updates for line in _report(update))


def _report(update: UpdateResult) -> Iterator[str]:
    project = update.project
    versions = " to ".join(dict.fromkeys((project.version, update.version)))
    yield f"## {project.name} ({project.template}): {project.pattern} {versions}"
    yield ""
    yield from _changelog(update)
    meaning = MEANING if update.written else INTENTION
    waiting = [change for change in update.changes if change.outcome in NEEDS_YOU]
    if waiting:
        yield "### What waits for you"
        yield ""
        yield from (f"- [ ] {_file(change)}: {meaning[change.outcome]}" for change in waiting)
        yield f"- [ ] `{update.test or NO_TEST}` passes"
        yield ""
    for brief in update.briefs:
        yield f"### To do for {brief.pattern} {brief.version}"
        yield ""
        yield brief.text
        yield ""
    done = [change for change in update.changes if change not in waiting]
    yield from _done(done, meaning)


def _changelog(update: UpdateResult) -> Iterator[str]:
    if update.changelog:
        yield "### Why"
        yield ""
        yield from (f"- {entry.version}: {entry.text}" for entry in update.changelog)
        yield ""


def _done(changes: Sequence[FileChange], meaning: Mapping[FileOutcome, str]) -> Iterator[str]:
    yield "### What changed"
    yield ""
    for outcome in FileOutcome:
        files = [change for change in changes if change.outcome is outcome]
        if files and outcome is not FileOutcome.UNCHANGED:
            yield f"<details><summary>{pluralize(len(files), 'file')} {meaning[outcome]}</summary>"
            yield ""
            yield from (f"- {_file(change)}" for change in files)
            yield ""
            yield "</details>"
            yield ""


def _file(change: FileChange) -> str:
    was = f" (was `{change.was}`)" if change.was else ""
    note = f" ({change.note})" if change.note else ""
    return f"`{change.path}`{was}{note}"
