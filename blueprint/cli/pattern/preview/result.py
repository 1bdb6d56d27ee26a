"""Result of `blueprint pattern preview`."""

from dataclasses import dataclass

from blueprint.patterns import Answers, Pattern
from blueprint.render import Tree

from ...console import Console, format_value, pluralize
from ..output import PatternPreviewOutput


@dataclass(frozen=True)
class PreviewResult:
    """A project that a pattern renders; `shown` is the file to print instead of the tree."""

    pattern: Pattern
    answers: Answers
    tree: Tree
    shown: str | None = None

    def as_json(self) -> PatternPreviewOutput:
        """Return the answers, all files, and the content of the one that is shown."""
        return {
            "pattern": {"name": self.pattern.name, "version": self.pattern.version},
            "answers": dict(self.answers.remembered),
            "files": [
                {"path": path, "bytes": len(file.content), "secret": file.secret}
                for path, file in sorted(self.tree.items())
            ],
            "content": self.tree[self.shown].text if self.shown else None,
        }

    def describe(self, console: Console) -> None:
        """Print the file that is shown, or the answers and the tree."""
        if self.shown:
            text = self.tree[self.shown].text
            console.line(f"{self.shown} is not text" if text is None else text.removesuffix("\n"))
            return
        title = f"{self.pattern.title} {self.pattern.version}"
        console.line(f"{title}, {pluralize(len(self.tree), 'file')}")
        for name, value in self.answers.remembered.items():
            console.line(f"  {name}: {format_value(value)}")
        console.tree(self.answers.project, [*self.tree])
