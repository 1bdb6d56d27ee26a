"""Location of an author's pattern, and the folder that limits its layers."""

from dataclasses import dataclass
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.patterns import Pattern, load_pattern
from blueprint.patterns.loading import templates_root
from blueprint.sources.includes import with_includes


@dataclass(frozen=True)
class PatternLocation:
    """The folder of a pattern, and the root that must contain all its layers."""

    folder: Path
    root: Path

    def load(self) -> Pattern:
        """Load the pattern with what it includes. Raises PatternError."""
        return with_includes(load_pattern(self.folder, self.root))


def pattern_location(text: str) -> PatternLocation:
    """Parse a location that an author gives. Raises UsageError.

    `DIR` is a pattern that contains all of its layers. `REPOSITORY#DIR` is a pattern in a repository whose
    layers may come from anywhere in that repository; users of the pattern get the same files. The built-in
    patterns share layers in this way.
    """
    address, _, subfolder = text.partition("#")
    root = Path(address).resolve()
    folder = (root / subfolder).resolve()
    if not folder.is_relative_to(root):
        raise UsageError(
            f"{subfolder} is not inside {address}",
            hint="Use REPOSITORY#DIR, with DIR relative to REPOSITORY.",
        )
    if folder == root and folder.parent == templates_root().resolve():
        root = folder.parent
    return PatternLocation(folder, root)
