"""`blueprint pattern list`: list all patterns."""

from ..console import Console
from ..parameters import Json


def list_(json: Json = False) -> None:
    """List the patterns, with their sources."""
    from blueprint.sources import list_patterns

    from .result import PatternList

    patterns, problems = list_patterns()
    Console(json=json).result(PatternList(tuple(patterns), problems=tuple(problems)))
