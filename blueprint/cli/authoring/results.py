"""What the verbs of a template author give back."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from blueprint.authoring.check import Report
from blueprint.authoring.golden import Case
from blueprint.authoring.packing import Parcel
from blueprint.authoring.problems import Problem
from blueprint.authoring.smoke import Ran
from blueprint.errors import ExitStatus
from blueprint.patterns import Pattern

from ..console import Console, shown


@dataclass(frozen=True)
class Started:
    """A pattern that was made to start from."""

    name: str
    folder: Path
    paths: Sequence[str]

    def as_json(self) -> Mapping[str, Any]:
        """Its name, where it is, and its files."""
        return {"name": self.name, "path": str(self.folder.absolute()), "files": [*self.paths]}

    def describe(self, console: Console) -> None:
        """The files, and what to do with them."""
        console.line(f"Made the pattern {self.name}, {len(self.paths)} files")
        console.tree(str(self.folder), self.paths)
        console.line()
        for verb, purpose in (("check", "what may be wrong with it"), ("test", "its golden trees")):
            console.line(f"  {f'blueprint pattern {verb} {self.folder}':<40} # {purpose}")


@dataclass(frozen=True)
class Checked:
    """A pattern that was checked. `commands` are its smoke commands, `ran` those that were run."""

    report: Report
    commands: Sequence[str] = ()
    ran: Sequence[Ran] = ()
    shown: bool = False
    """Whether the user has been shown the commands before they ran."""

    @property
    def status(self) -> ExitStatus:
        """OK, or PATTERN if there is something to put right."""
        failed = any(ran.status != 0 for ran in self.ran)
        return ExitStatus.PATTERN if failed or self.report.problems else ExitStatus.OK

    def as_json(self) -> Mapping[str, Any]:
        """Every problem, and every command with what came of it."""
        pattern = self.report.pattern
        return {
            "path": str(self.report.folder),
            "pattern": {"name": pattern.name, "version": pattern.version} if pattern else None,
            "combinations": self.report.combinations,
            "problems": [_problem_as_json(problem) for problem in self.report.problems],
            "smoke": [
                {"command": ran.command, "exit_code": ran.status, "output": ran.output} for ran in self.ran
            ],
            "not_run": [*self.commands[len(self.ran) :]],
        }

    def describe(self, console: Console) -> None:
        """One problem after the other, as `file, line: what`; then the commands."""
        for problem in self.report.problems:
            self._describe_problem(console, problem)
        pattern = self.report.pattern
        if pattern:
            options, layers, combinations = (
                len(pattern.options),
                len(pattern.layers),
                self.report.combinations,
            )
            console.line(
                f"{pattern.name} {pattern.version}: {count(options, 'option')}, {count(layers, 'layer')}, "
                f"{count(combinations, 'combination')} tried"
            )
        console.line(f"{count(len(self.report.problems), 'problem')} found")
        self._describe_smoke(console)

    def _describe_problem(self, console: Console, problem: Problem) -> None:
        path = os.path.relpath(problem.path)
        place = f"{path}, line {problem.line}" if problem.line else path
        console.line(f"{place}: {problem.message} [{problem.code}]")
        if problem.answers:
            answers = ", ".join(f"{name}={shown(value)}" for name, value in problem.answers.items())
            console.line(f"  with {answers}")

    def _describe_smoke(self, console: Console) -> None:
        for ran in self.ran:
            outcome = {0: "passed", None: "took too long"}.get(ran.status, f"failed ({ran.status})")
            console.line(f"{ran.command}: {outcome}")
            if ran.status != 0:
                for line in ran.output.splitlines():
                    console.line(f"  {line}")
        left = self.commands[len(self.ran) :]
        if left:
            console.line(f"Not run: {', '.join(left)}" + ("" if self.ran else " (add --smoke)"))


@dataclass(frozen=True)
class Tested:
    """The golden trees of a pattern."""

    pattern: Pattern
    cases: Sequence[Case]

    @property
    def status(self) -> ExitStatus:
        """OK, or PATTERN if a case has not passed."""
        return ExitStatus.OK if all(case.passed for case in self.cases) else ExitStatus.PATTERN

    def as_json(self) -> Mapping[str, Any]:
        """Every case with every file that differs."""
        return {
            "path": str(self.pattern.folder),
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "cases": [
                {
                    "name": case.name,
                    "passed": case.passed,
                    "updated": case.updated,
                    "error": case.error,
                    "files": [asdict(difference) for difference in case.differences],
                }
                for case in self.cases
            ],
        }

    def describe(self, console: Console) -> None:
        """The diffs of the cases that have not passed, and one line for each case."""
        for case in self.cases:
            if not case.passed:
                for file in case.differences:
                    console.line(file.text.rstrip("\n"))
        for case in self.cases:
            console.line(f"{case.name}: {_verdict(case)}")


@dataclass(frozen=True)
class Packed:
    """A pattern in one file."""

    parcel: Parcel

    def as_json(self) -> Mapping[str, Any]:
        """The file, and what is in it."""
        parcel = self.parcel
        return {
            "pattern": {"name": parcel.pattern.name, "version": parcel.pattern.version},
            "path": str(parcel.path.absolute()),
            "bytes": parcel.size,
            "files": parcel.files,
            "folded_files": parcel.folded,
        }

    def describe(self, console: Console) -> None:
        """The file, and how others use it."""
        parcel = self.parcel
        name = f"{parcel.pattern.name} {parcel.pattern.version}"
        folded = f", {parcel.folded} of them from shared layers" if parcel.folded else ""
        console.line(f"Packed {name}: {count(parcel.files, 'file')}{folded}")
        path = shlex.quote(str(parcel.path))
        if parcel.path.suffix == ".whl":
            console.line(f"  pip install {path}")
            console.line(f"  blueprint new my-shop --pattern {parcel.pattern.name}")
        else:
            console.line(f"  blueprint new my-shop --pattern {path}")


def count(number: int, thing: str) -> str:
    """A number of things: `1 option`, `2 options`, `no options`."""
    return f"{number or 'no'} {thing}{'s' * (number != 1)}"


def _verdict(case: Case) -> str:
    if case.error:
        return f"failed: {case.error}"
    differing = count(len(case.differences), "file")
    if case.updated:
        return f"written anew, {differing} changed"
    return f"failed, {differing} changed" if case.differences else "passed"


def _problem_as_json(problem: Problem) -> Mapping[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "path": str(problem.path),
        "line": problem.line,
        "answers": dict(problem.answers),
    }
