"""Parameters of `blueprint pattern test`."""

from typing import Annotated

import typer

from ...parameters import Json
from ..flags import PatternArgument

Flag = typer.Option


def golden_test(
    where: PatternArgument = ".",
    update: Annotated[bool, Flag("--update", help="Rewrite the golden trees.")] = False,
    json: Json = False,
) -> int:
    """Compare a pattern with its golden trees.

    The answers in tests/NAME/answers.yaml must give the files in tests/NAME/expected. The exit status is 4 if
    a tree differs.
    """
    from ...console import Console
    from .flow import run_cases

    console = Console(json=json)
    result = run_cases(where, console, update=update)
    console.result(result)
    return result.status
