"""Parameters of `blueprint add`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_item
from ..parameters import DryRun, Json, NewLocation, ProjectFolder

Flag = typer.Option


def add(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="What to add, such as service or context.", autocompletion=complete_item
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new item, such as gift_cards.")],
    project: ProjectFolder = Path(),
    template: Annotated[
        str, Flag("--template", metavar="NAME", help="Template of the project that gets the item.")
    ] = "main",
    pattern: NewLocation = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Add a service, a context or another item to a project.

    Your edits are kept. The exit status is 8 if a file needs a decision from you.
    """
    from ..console import Console
    from ..update.flow import UpdateRequest
    from .flow import run_add

    console = Console(json=json)
    result = run_add(UpdateRequest(project, template, pattern=pattern, dry_run=dry_run), console, kind, name)
    console.result(result)
    return result.status
