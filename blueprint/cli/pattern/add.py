"""`blueprint pattern add`: add patterns to those of the user."""

from typing import Annotated

import typer

from ..console import Console
from ..parameters import Json

_SOURCE = "Folder, zip file or Git URL: https://host/team/patterns.git@v1.0#folder."


def add(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_SOURCE)],
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name for the pattern, if there is only one.")
    ] = None,
    json: Json = False,
) -> None:
    """Add one pattern, or every pattern at a location.

    Run it again to refresh them.
    """
    from blueprint.sources.user_patterns import add_patterns

    from .result import PatternList

    console = Console(json=json)
    with console.progress("Fetching"):
        added = add_patterns(source, name)
    console.result(PatternList(tuple(added), done="Added "))
