"""Result of `blueprint diff`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from blueprint.project.load import Project
from blueprint.project.merge.difference import Difference

from ..console import Console


@dataclass(frozen=True)
class DiffResult:
    """Files that differ, each with its diff."""

    project: Project
    files: tuple[Difference, ...]

    def as_json(self) -> Mapping[str, Any]:
        """Return every file that differs, with its unified diff."""
        return {
            "project": self.project.name,
            "path": str(self.project.folder),
            "files": [asdict(file) for file in self.files],
        }

    def describe(self, console: Console) -> None:
        """Print the diffs as `git diff` does."""
        for file in self.files:
            console.line(file.text.rstrip("\n") or f"{file.path}: {file.kind}, not shown")
