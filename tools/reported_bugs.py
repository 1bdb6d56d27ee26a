"""Bug reports of other shops that the acceptance suite replays, as the docstrings of its tests name them.

After its first line, a docstring has one note for each fault: `Kind: what went wrong (owner/repository#1).`
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ACCEPTANCE = Path(__file__).parent.parent / "templates/shared/acceptance"
REPORT = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)#(?P<number>\d+)")
_NOTE = re.compile(r"(?P<kind>[A-Z][\w ]*): (?P<fault>[^()]+) \((?P<reports>[^()]*#\d+)\)\.")


@dataclass(frozen=True, slots=True)
class ReportedBug:
    """A bug report of another shop, and the test that replays it."""

    kind: str
    fault: str
    repository: str
    number: int
    test: str
    """The test's file and name, as pytest writes them."""

    @property
    def report(self) -> str:
        """The report in GitHub's short form."""
        return f"{self.repository}#{self.number}"


def reported_bugs() -> list[ReportedBug]:
    """Return all replayed reports, sorted by kind, repository and number."""
    found = (
        bug for path in ACCEPTANCE.glob("test_*.py") for bug in _of_module(path.name, path.read_text("utf-8"))
    )
    return sorted(found, key=lambda bug: (bug.kind, bug.repository.lower(), bug.number))


def _of_module(name: str, source: str) -> Iterator[ReportedBug]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            notes = " ".join((ast.get_docstring(node) or "").partition("\n")[2].split())
            for note in _NOTE.finditer(notes):
                for report in REPORT.finditer(note["reports"]):
                    test = f"{name}::{node.name}"
                    yield ReportedBug(
                        note["kind"], note["fault"], report["repository"], int(report["number"]), test
                    )
