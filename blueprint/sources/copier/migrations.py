"""Copier's migrations: commands that adapt the files of a project to a new version of its template."""

from collections.abc import Iterator
from typing import Any

from copier._main import _operation
from copier._template import Template

from ..sanitize import printable
from ..scripted import MigrationStage
from .worker import QuietWorker


def migration_commands(template: Template) -> Iterator[Any]:
    """Yield all commands in `_migrations`: plain, with settings, or in the older before and after lists."""
    for migration in template._raw_config.get("_migrations", []):
        if not isinstance(migration, dict):
            yield migration
        elif "command" in migration:
            yield migration["command"]
        else:
            for stage in ("before", "after"):
                yield from migration.get(stage, [])


def command_text(command: Any) -> str:
    """Format the command of a task or a migration for display."""
    return printable(command if isinstance(command, str) else " ".join(map(str, command)))


def run_migrations(worker: QuietWorker, stage: MigrationStage, before: Template) -> None:
    """Run the migrations of `stage` that lead from the template version `before` to that of `worker`."""
    token = _operation.set("update")
    try:
        worker._execute_tasks(worker.template.migration_tasks(stage, before))
    finally:
        _operation.reset(token)
