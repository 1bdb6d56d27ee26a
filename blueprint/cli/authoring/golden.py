"""`blueprint pattern test`: does a pattern still give what it gave?"""

from typing import Annotated

import typer

from .check import Where

Flag = typer.Option


def golden(
    where: Where = ".",
    update: Annotated[bool, Flag("--update", help="Write the golden trees anew.")] = False,
    json: Annotated[bool, Flag("--json", help="Print one JSON object.")] = False,
) -> int:
    """Compare golden trees (tests/NAME/expected) with what the pattern gives (for tests/NAME/answers.yaml).

    The exit status is 4 if one differs.
    """
    from ..console import Console
    from .testing import run_cases

    console = Console(json=json)
    tested = run_cases(where, console, update=update)
    console.result(tested)
    return tested.status
