"""`blueprint pattern add`: add patterns to your own."""

from typing import Annotated

import typer

from ..console import Console
from .flags import JsonFlag

_SOURCE = "A folder, a zip file or a git URL: https://host/team/patterns.git@v1.0#folder."


def add(
    source: Annotated[str, typer.Argument(help=_SOURCE)],
    name: Annotated[str | None, typer.Option(help="What to call it, if it is one pattern.")] = None,
    json: JsonFlag = False,
) -> None:
    """Add a pattern to your own, or all that are in one place; again, to renew them."""
    from blueprint.sources.user_patterns import add_patterns

    from .result import PatternList

    console = Console(json=json)
    with console.progress("Fetching"):
        added = add_patterns(source, name)
    console.result(PatternList(tuple(added), done="Added "))
