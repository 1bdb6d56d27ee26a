"""From what a user calls a pattern to the pattern."""

from blueprint import patterns
from blueprint.patterns import Pattern


def find_pattern(text: str, *, ref: str | None = None) -> Pattern:
    """The pattern that `text` names: a name, a folder, a zip file or the URL of a git repository.

    `ref` takes the place of the branch, tag or commit in a URL. Raises UnknownPatternError, PatternError or
    SourceError.
    """
    return patterns.find_pattern(text)
