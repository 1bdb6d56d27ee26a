"""Result of `blueprint diff`."""

from dataclasses import dataclass
from typing import TypedDict

from blueprint.project.load import Project
from blueprint.project.merge.difference import Difference

from ..console import Console
from ..outputs import DifferenceOutput, describe_differences, difference_as_json


class DiffOutput(TypedDict):
    """Files that differ, each with its diff."""

    project: str
    path: str
    files: list[DifferenceOutput]


@dataclass(frozen=True)
class DiffResult:
    """Files that differ, each with its diff."""

    project: Project
    files: tuple[Difference, ...]

    def as_json(self) -> DiffOutput:
        """Return every file that differs, with its unified diff."""
        return {
            "project": self.project.name,
            "path": str(self.project.folder),
            "files": [difference_as_json(file) for file in self.files],
        }

    def describe(self, console: Console) -> None:
        """Print the diffs as `git diff` does."""
        describe_differences(console, self.files)
