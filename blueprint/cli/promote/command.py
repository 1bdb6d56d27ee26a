"""Parameters of `blueprint promote`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_context

Flag = typer.Option


def promote(
    context: Annotated[
        str,
        typer.Argument(
            metavar="CONTEXT", help="Context that gets a deployable.", autocompletion=complete_context
        ),
    ],
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="Folder of the project, or a folder inside it.")
    ] = Path(),
    template: Annotated[
        str, Flag("--template", metavar="NAME", help="Template of the project that has the context.")
    ] = "main",
    pattern: Annotated[
        str | None, Flag("--pattern", "-p", metavar="SOURCE", help="New location of a pattern that moved.")
    ] = None,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what would change, without writing it.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> int:
    """Make a context a deployable, with a process and a database.

    Your edits are kept, and docs/moving-data.md says how to move the data. The exit status is 8 if a file
    needs a decision from you, such as old migrations, which no update deletes.
    """
    from ..console import Console
    from ..grouping import change_groups, promoted
    from ..update.flow import UpdateRequest

    console = Console(json=json)
    request = UpdateRequest(project, template, pattern=pattern, dry_run=dry_run)
    result = change_groups(request, console, lambda groups: promoted(groups, context))
    console.result(result)
    return result.status
