"""Result of `blueprint pattern check`."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blueprint.authoring.check import CheckReport
from blueprint.authoring.problems import Problem
from blueprint.authoring.smoke import SmokeResult
from blueprint.errors import ExitStatus
from blueprint.patterns import Value

from ...console import Console, format_value, pluralize


@dataclass(frozen=True)
class PatternCheckResult:
    """Result of a check. `commands` are the smoke commands of the pattern, `ran` those that were run."""

    report: CheckReport
    commands: Sequence[str] = ()
    ran: Sequence[SmokeResult] = ()
    shown: bool = False
    """Whether the user saw the commands before they ran."""

    @property
    def status(self) -> ExitStatus:
        """OK, or PATTERN if there is a problem or a smoke command failed."""
        failed = any(ran.status != 0 for ran in self.ran)
        return ExitStatus.PATTERN if failed or self.report.problems else ExitStatus.OK

    def as_json(self) -> Mapping[str, Any]:
        """Return every problem, and every smoke command with its result."""
        pattern = self.report.pattern
        return {
            "path": str(self.report.folder),
            "pattern": {"name": pattern.name, "version": pattern.version} if pattern else None,
            "combinations": self.report.combinations,
            "problems": [_problem_as_json(problem) for problem in self.report.problems],
            "warnings": [_problem_as_json(warning) for warning in self.report.warnings],
            "smoke": [
                {
                    "command": ran.command,
                    "exit_code": ran.status,
                    "output": ran.output,
                    "answers": dict(ran.answers),
                }
                for ran in self.ran
            ],
            "not_run": [*self.commands[len(self.ran) :]],
        }

    def describe(self, console: Console) -> None:
        """Print each problem as `file, line: message`, then the results of the smoke commands."""
        for problem in self.report.problems:
            self._describe_problem(console, problem)
        for warning in self.report.warnings:
            self._describe_problem(console, warning, "warning: ")
        pattern = self.report.pattern
        if pattern:
            options, layers, combinations = (
                len(pattern.options),
                len(pattern.layers),
                self.report.combinations,
            )
            console.line(
                f"{pattern.name} {pattern.version}: {pluralize(options, 'option')}, "
                f"{pluralize(layers, 'layer')}, {pluralize(combinations, 'combination')} tried"
            )
        console.line(f"{pluralize(len(self.report.problems), 'problem')} found")
        self._describe_smoke(console)

    def _describe_problem(self, console: Console, problem: Problem, prefix: str = "") -> None:
        path = os.path.relpath(problem.path)
        place = f"{path}, line {problem.line}" if problem.line else path
        console.line(f"{place}: {prefix}{problem.message} [{problem.code}]")
        self._describe_answers(console, problem.answers)

    def _describe_answers(self, console: Console, answers: Mapping[str, Value]) -> None:
        if answers:
            shown = ", ".join(f"{name}={format_value(value)}" for name, value in answers.items())
            console.line(f"  with {shown}")

    def _describe_smoke(self, console: Console) -> None:
        for ran in self.ran:
            outcome = {0: "passed", None: "timed out"}.get(ran.status, f"failed ({ran.status})")
            console.line(f"{ran.command}: {outcome}")
            self._describe_answers(console, ran.answers)
            if ran.status != 0:
                for line in ran.output.splitlines():
                    console.line(f"  {line}")
        left = self.commands[len(self.ran) :]
        if left:
            console.line(f"Not run: {', '.join(left)}" + ("" if self.ran else " (add --smoke)"))


def _problem_as_json(problem: Problem) -> Mapping[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "path": str(problem.path),
        "line": problem.line,
        "answers": dict(problem.answers),
    }
