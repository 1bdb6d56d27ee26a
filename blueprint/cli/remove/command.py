"""Parameters of `blueprint remove`."""

from pathlib import Path
from typing import Annotated

import typer

Flag = typer.Option


def remove(
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help="Name of the template, as `blueprint show` lists it.")
    ],
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="Folder of the project, or a folder inside it.")
    ] = Path(),
    yes: Annotated[bool, Flag("--yes", "-y", help="Ask no questions.")] = False,
    dry_run: Annotated[bool, Flag("--dry-run", help="Show what would change, without writing it.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask no questions.")] = False,
) -> int:
    """Remove a template that `new --into` added to a project.

    Its files are deleted, except for those that you edited or another template writes. The exit status is 8
    if a file needs a decision from you.
    """
    from ..console import Console
    from .flow import RemoveRequest, run_remove

    console = Console(json=json)
    result = run_remove(RemoveRequest(project, template, dry_run, console.can_ask and not yes), console)
    console.result(result)
    return result.status
