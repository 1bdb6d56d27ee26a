"""`blueprint pattern check`: everything that can be wrong with a pattern, at once."""

from typing import Annotated

import typer

from ..flags import PatternArgument

Flag = typer.Option


def check(
    where: PatternArgument = ".",
    smoke: Annotated[
        bool | None,
        Flag("--smoke/--no-smoke", help="Run the smoke commands, or not.  [default: ask at a terminal]"),
    ] = None,
    seconds: Annotated[
        int, Flag("--seconds", metavar="N", min=1, help="How long each smoke command may take.")
    ] = 900,
    json: Annotated[bool, Flag("--json", help="Print one JSON object, and ask nothing.")] = False,
) -> int:
    """Check a pattern: its pattern.yaml, its templates with all pairs of answers, and its smoke commands.

    The exit status is 4 if there is something to put right.
    """
    from ...console import Console
    from .flow import check_and_smoke

    console = Console(json=json)
    checked = check_and_smoke(where, console, smoke=smoke, seconds=seconds)
    console.result(checked)
    return checked.status
