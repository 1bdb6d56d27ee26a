"""Parameters of `blueprint pattern check`."""

from typing import Annotated

import typer

from ...parameters import JsonWithoutQuestions
from ..flags import PatternArgument

Flag = typer.Option


def check(
    where: PatternArgument = ".",
    smoke: Annotated[
        bool | None,
        Flag(
            "--smoke/--no-smoke", help="Run the smoke commands of the pattern.  [default: ask at a terminal]"
        ),
    ] = None,
    pairs: Annotated[
        bool,
        Flag("--pairs", help="With --smoke: run them for every pair of answers, not only the defaults."),
    ] = False,
    seconds: Annotated[
        int, Flag("--seconds", metavar="N", min=1, help="Time limit of each smoke command.")
    ] = 900,
    json: JsonWithoutQuestions = False,
) -> int:
    """Check a pattern, and report all problems at once.

    The check covers pattern.yaml, the templates with every pair of answers, and the smoke commands. The exit
    status is 4 if there is a problem.
    """
    from ...console import Console
    from .flow import check_and_smoke

    console = Console(json=json)
    result = check_and_smoke(where, console, smoke=True if pairs else smoke, seconds=seconds, pairs=pairs)
    console.result(result)
    return result.status
