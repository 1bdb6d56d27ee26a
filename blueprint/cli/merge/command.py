"""Parameters of `blueprint merge`."""

from pathlib import Path
from typing import Annotated

import typer

from ..completion import complete_deployable
from ..parameters import DryRun, Json, NewLocation, ProjectFolder

Flag = typer.Option


def merge(
    deployable: Annotated[
        str,
        typer.Argument(
            metavar="DEPLOYABLE", help="Deployable that ends.", autocompletion=complete_deployable
        ),
    ],
    project: ProjectFolder = Path(),
    *,
    into: Annotated[
        str,
        Flag(
            "--into",
            metavar="DEPLOYABLE",
            help="Deployable that gets its contexts.",
            autocompletion=complete_deployable,
        ),
    ],
    template: Annotated[
        str, Flag("--template", metavar="NAME", help="Template of the project that has the deployables.")
    ] = "main",
    pattern: NewLocation = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Put the contexts of one deployable into another.

    Your edits are kept, and docs/moving-data.md says how to move the data. The exit status is 8 if a file
    needs a decision from you, such as old migrations, which no update deletes.
    """
    from ..console import Console
    from ..grouping import change_groups, merged
    from ..update.flow import UpdateRequest

    console = Console(json=json)
    request = UpdateRequest(project, template, pattern=pattern, dry_run=dry_run)
    result = change_groups(request, console, lambda groups: merged(groups, deployable, into))
    console.result(result)
    return result.status
