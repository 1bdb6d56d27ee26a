"""`blueprint pattern show`: show the options of a pattern."""

from typing import Annotated

import typer

from ..console import Console
from ..parameters import Json


def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name, folder, zip file or Git URL of a pattern.")
    ],
    json: Json = False,
) -> None:
    """Show a pattern: its options, source and code to run."""
    from blueprint.sources import find_pattern

    from .result import PatternDetails

    Console(json=json).result(PatternDetails(find_pattern(name)))
