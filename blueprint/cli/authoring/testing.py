"""What `blueprint pattern test` does."""

from blueprint.authoring.golden import cases_of, compare
from blueprint.authoring.roots import place_of
from blueprint.patterns import load_pattern

from ..console import Console
from .results import Tested


def run_cases(where: str, console: Console, *, update: bool) -> Tested:
    """Compare all cases of the pattern `where`, or write them anew. Raises BlueprintError."""
    place = place_of(where)
    pattern = load_pattern(place.folder, place.root)
    with console.progress("Testing"):
        return Tested(pattern, tuple(compare(pattern, case, update=update) for case in cases_of(pattern)))
