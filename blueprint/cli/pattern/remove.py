"""`blueprint pattern remove`: remove a pattern that the user added."""

from typing import Annotated

import typer

from ..console import Console
from ..parameters import Json


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a pattern that you added.")],
    json: Json = False,
) -> None:
    """Remove a pattern that you added.

    Projects created from it stay as they are.
    """
    from blueprint.sources.user_patterns import remove_pattern

    from .result import PatternList

    Console(json=json).result(PatternList((remove_pattern(name),), done="Removed "))
