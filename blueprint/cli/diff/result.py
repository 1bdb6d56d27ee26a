"""Result of `blueprint diff`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from blueprint.project.load import Project
from blueprint.project.merge.difference import Difference

from ..console import Console


@dataclass(frozen=True)
class DiffResult:
    """The files that differ."""

    project: Project
    files: tuple[Difference, ...]

    def as_json(self) -> Mapping[str, Any]:
        """Every file that differs, with its unified diff."""
        return {
            "project": self.project.name,
            "path": str(self.project.folder),
            "files": [asdict(file) for file in self.files],
        }

    def describe(self, console: Console) -> None:
        """One diff after the other, as git shows them."""
        for file in self.files:
            console.line(file.text.rstrip("\n") or f"{file.path}: {file.kind}, not shown")
