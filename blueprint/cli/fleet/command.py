"""Parameters of `blueprint fleet`."""

from pathlib import Path
from typing import Annotated

import typer

from ..parameters import Json

Flag = typer.Option


def fleet(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Text file with the folder of one project on each line.")
    ],
    json: Json = False,
) -> int:
    """Show which of many projects are behind their patterns.

    Nothing is written. The exit status is 0 if all are current, 8 if an update is due or unfinished, and that
    of the first error if a project cannot be checked.
    """
    from ..console import Console
    from .flow import check_fleet

    console = Console(json=json)
    result = check_fleet(file, console)
    console.result(result)
    return result.status
