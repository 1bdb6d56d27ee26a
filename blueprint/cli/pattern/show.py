"""`blueprint pattern show`: what a pattern can be asked for."""

from typing import Annotated

import typer

from ..console import Console
from .flags import JsonFlag


def show(
    name: Annotated[str, typer.Argument(help="A pattern, or the folder, zip file or git URL of one.")],
    json: JsonFlag = False,
) -> None:
    """Show one pattern: its options, where it comes from, and the code that it wants to run."""
    from blueprint.sources import find_pattern

    from .result import PatternDetails

    Console(json=json).result(PatternDetails(find_pattern(name)))
