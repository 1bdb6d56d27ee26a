"""`blueprint pattern list`: list all patterns."""

from ..console import Console
from .flags import JsonFlag


def list_(json: JsonFlag = False) -> None:
    """List the patterns, with their sources."""
    from blueprint.sources.listing import list_patterns

    from .result import PatternList

    patterns, problems = list_patterns()
    Console(json=json).result(PatternList(tuple(patterns), problems=tuple(problems)))
