"""Steps of `blueprint pattern check`."""

from collections.abc import Sequence

from blueprint.authoring.check import check_pattern
from blueprint.authoring.pattern_location import pattern_location
from blueprint.authoring.smoke import run_smoke_commands, smoke_commands

from ...console import Console
from .result import PatternCheckResult


def check_and_smoke(
    where: str, console: Console, *, smoke: bool | None, seconds: int, pairs: bool = False
) -> PatternCheckResult:
    """Check the pattern at `where`, and run its smoke commands.

    With None for `smoke`, the user is asked whether to run them. Each may take `seconds`. With `pairs`, they
    run for every pair of answers. They are not run if the check finds problems. Raises BlueprintError.
    """
    with console.progress("Checking"):
        report = check_pattern(pattern_location(where))
    if report.pattern is None or report.problems:
        return PatternCheckResult(report)
    commands = tuple(smoke_commands(report.pattern))
    if not commands or not _agreed(commands, console, smoke):
        return PatternCheckResult(report, commands)
    with console.progress("Running"):
        ran = tuple(run_smoke_commands(report.pattern, seconds, pairs=pairs))
    return PatternCheckResult(report, commands, ran, shown=smoke is None)


def _agreed(commands: Sequence[str], console: Console, smoke: bool | None) -> bool:
    if smoke is not None or not console.can_ask:
        return bool(smoke)
    console.line("These smoke commands test a project that is generated from the pattern:")
    for command in commands:
        console.line(f"  {command}")
    return console.confirm("Run them in a temporary folder?")
