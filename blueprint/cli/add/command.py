"""`blueprint add`: one more of what the pattern of a project has any number of, such as a service."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def add(
    thing: Annotated[str, typer.Argument(help="What to add, such as service.")],
    name: Annotated[str, typer.Argument(help="Its name, such as gift_cards.")],
    project: Annotated[Path, typer.Argument(help="The folder of the project, or one inside it.")] = Path(),
    pattern: Annotated[
        str | None, Flag("--pattern", "-p", help="Where the pattern is now, if it has moved.")
    ] = None,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what would change, and change nothing.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> int:
    """Add a service, or what else the pattern can have more of, to a project, and keep all edits.

    The exit status is 8 if a file needs your decision.
    """
    from ..console import Console
    from ..update.flow import UpdateRequest
    from .flow import run_add

    console = Console(json=json)
    updated = run_add(UpdateRequest(project, pattern, dry_run=dry_run), console, thing, name)
    console.result(updated)
    return updated.status
