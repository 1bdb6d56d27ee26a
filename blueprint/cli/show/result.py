"""Result of `blueprint show`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blueprint.project.load import Project
from blueprint.project.state import MAIN
from blueprint.project.update import shared_files

from ..console import Console, format_value, pluralize


@dataclass(frozen=True)
class ShowResult:
    """The templates of a project, by name."""

    templates: Mapping[str, Project]

    def as_json(self) -> Mapping[str, Any]:
        """Return each template with its version, source and answers, and the files of several templates."""
        main = self.templates[MAIN]
        return {
            "project": main.name,
            "path": str(main.folder),
            "templates": [
                {
                    "name": name,
                    "pattern": {"name": template.pattern, "version": template.version},
                    "source": template.source,
                    "answers": dict(template.options),
                    "secrets": [*template.secrets],
                    "files": len(template.base),
                }
                for name, template in self.templates.items()
            ],
            "shared": self._shared,
        }

    def describe(self, console: Console) -> None:
        """Print each template with its answers, then the files that several templates write."""
        for name, template in self.templates.items():
            files = pluralize(len(template.base), "file")
            console.line(f"{name}: {template.pattern} {template.version} from {template.source}, {files}")
            for option, value in template.options.items():
                console.line(f"  {option}: {format_value(value)}")
            for option in template.secrets:
                console.line(f"  {option}: secret, not stored")
        if self._shared:
            console.line("Files of several templates:")
        for path, names in self._shared.items():
            console.line(f"  {path} ({names})")

    @property
    def _shared(self) -> Mapping[str, str]:
        trees = {name: template.base for name, template in self.templates.items()}
        paths = sorted({path for tree in trees.values() for path in tree})
        return {path: names for path, names in shared_files(paths, trees).items() if ", " in names}
