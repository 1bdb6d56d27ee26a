"""`blueprint pattern test`: does a pattern still give what it gave?"""

from typing import Annotated

import typer

from ..flags import PatternArgument

Flag = typer.Option


def golden_test(
    where: PatternArgument = ".",
    update: Annotated[bool, Flag("--update", help="Write the golden trees anew.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> int:
    """Compare golden trees (tests/NAME/expected) with what the pattern gives (for tests/NAME/answers.yaml).

    The exit status is 4 if one differs.
    """
    from ...console import Console
    from .flow import run_cases

    console = Console(json=json)
    tested = run_cases(where, console, update=update)
    console.result(tested)
    return tested.status
