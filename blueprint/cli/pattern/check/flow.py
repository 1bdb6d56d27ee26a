"""Steps of `blueprint pattern check`."""

from collections.abc import Iterator, Sequence

from blueprint.authoring.check import check_pattern
from blueprint.authoring.pattern_location import pattern_location
from blueprint.authoring.smoke import SmokeResult, run_smoke_command, sample_project, smoke_commands
from blueprint.patterns import Pattern

from ...console import Console
from .result import PatternCheckResult


def check_and_smoke(where: str, console: Console, *, smoke: bool | None, seconds: int) -> PatternCheckResult:
    """Check the pattern at `where`, and run its smoke commands.

    With None for `smoke`, the user is asked whether to run them. Each may take `seconds`. They are not run if
    the check finds problems. Raises BlueprintError.
    """
    with console.progress("Checking"):
        report = check_pattern(pattern_location(where))
    if report.pattern is None or report.problems:
        return PatternCheckResult(report)
    commands = tuple(smoke_commands(report.pattern))
    if not commands or not _agreed(commands, console, smoke):
        return PatternCheckResult(report, commands)
    with console.progress("Running"):
        ran = tuple(_run(report.pattern, commands, seconds))
    return PatternCheckResult(report, commands, ran, shown=smoke is None)


def _agreed(commands: Sequence[str], console: Console, smoke: bool | None) -> bool:
    if smoke is not None or not console.can_ask:
        return bool(smoke)
    console.line("These smoke commands test a project that is generated from the pattern:")
    for command in commands:
        console.line(f"  {command}")
    return console.confirm("Run them in a temporary folder?")


def _run(pattern: Pattern, commands: Sequence[str], seconds: int) -> Iterator[SmokeResult]:
    """Run the commands in a sample project until one fails."""
    with sample_project(pattern) as folder:
        for command in commands:
            ran = run_smoke_command(command, folder, seconds)
            yield ran
            if ran.status != 0:
                return
