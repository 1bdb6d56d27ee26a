"""Result of `blueprint show`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from blueprint.project.load import Project
from blueprint.project.state import MAIN
from blueprint.project.update import shared_files

from ..console import Console, format_value, pluralize
from ..outputs import AnswersOutput, PatternOutput


class TemplateOutput(TypedDict):
    """A template of a project. `secrets` are the options whose answers are not stored."""

    name: str
    pattern: PatternOutput
    source: str
    answers: AnswersOutput
    secrets: list[str]
    files: int


class ShowOutput(TypedDict):
    """The templates of a project, and the files that several of them write, with their names."""

    project: str
    path: str
    templates: list[TemplateOutput]
    shared: dict[str, str]


@dataclass(frozen=True)
class ShowResult:
    """The templates of a project, by name."""

    templates: Mapping[str, Project]

    def as_json(self) -> ShowOutput:
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
            "shared": dict(self._shared),
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
