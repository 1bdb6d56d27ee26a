"""Parameters of `blueprint promote`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_context
from ..parameters import DryRun, Json, NewLocation, ProjectFolder

Flag = typer.Option


def promote(
    context: Annotated[
        str,
        typer.Argument(
            metavar="CONTEXT", help="Context that gets a deployable.", autocompletion=complete_context
        ),
    ],
    project: ProjectFolder = Path(),
    template: Annotated[
        str, Flag("--template", metavar="NAME", help="Template of the project that has the context.")
    ] = "main",
    pattern: NewLocation = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Make a context a deployable, with a process and a database.

    A monolith becomes a shop of microservices, with all other contexts in one deployable. Your edits are
    kept, and docs/moving-data.md says how to move the data. The exit status is 8 if a file needs a decision
    from you, such as old migrations, which no update deletes.
    """
    from ..console import Console
    from ..grouping import SUCCESSORS, change_groups, promoted
    from ..update.flow import UpdateRequest

    console = Console(json=json)
    # A location with --pattern is that of the project's pattern, or of a fork of its successor.
    successors = {} if pattern else SUCCESSORS
    request = UpdateRequest(project, template, pattern=pattern, dry_run=dry_run, successors=successors)
    result = change_groups(request, console, lambda groups: promoted(groups, context))
    console.result(result)
    return result.status
