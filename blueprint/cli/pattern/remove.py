"""`blueprint pattern remove`: remove one of your patterns."""

from typing import Annotated

import typer

from ..console import Console
from .flags import JsonFlag


def remove(
    name: Annotated[str, typer.Argument(help="One that you have added.")], json: JsonFlag = False
) -> None:
    """Remove a pattern from your own. Projects made from it stay as they are."""
    from blueprint.sources.user_patterns import remove_pattern

    from .result import PatternList

    Console(json=json).result(PatternList((remove_pattern(name),), done="Removed "))
