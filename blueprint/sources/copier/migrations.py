"""Copier's migrations: commands that bring the files of a project from one version to another."""

from collections.abc import Iterator
from typing import Any

from copier._main import _operation
from copier._template import Template

from ..external import MigrationStage
from ..sanitize import printable
from .worker import QuietWorker


def migration_texts(template: Template) -> Iterator[str]:
    """All commands in a template's `_migrations`, in their three forms: bare, with a `when`, of old."""
    for migration in template._raw_config.get("_migrations", []):
        if not isinstance(migration, dict):
            yield command_text(migration)
        elif "command" in migration:
            yield command_text(migration["command"])
        else:
            for stage in ("before", "after"):
                yield from map(command_text, migration.get(stage, []))


def command_text(command: Any) -> str:
    """A command of a task or a migration, for people to read."""
    return printable(command if isinstance(command, str) else " ".join(map(str, command)))


def run_migrations(worker: QuietWorker, stage: MigrationStage, before: Template) -> None:
    """Run those migrations of `stage` that lead from the version `before` to the one of `worker`."""
    token = _operation.set("update")
    try:
        worker._execute_tasks(worker.template.migration_tasks(stage, before))
    finally:
        _operation.reset(token)
