"""Generated projects of the built-in patterns, in memory or on disk."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from blueprint.patterns import check_answers, find_pattern, pattern_names
from blueprint.render import Tree, render

from .combinations import Combination, every_combination

PATTERNS = pattern_names()
PATTERN = "monolith"
PROJECT = "corner-shop"
EXTRA_SERVICES = ["reviews", "gift_cards"]
_contents: dict[bytes, bytes] = {}


def combinations_of(pattern: str) -> list[Combination]:
    """Return every combination of a pattern's options; a third of them add services, if it allows that."""
    options = find_pattern(pattern).options
    found = every_combination(find_pattern(pattern))
    if "extra_services" not in options:
        return found
    services: list[list[str]] = [EXTRA_SERVICES, [], []]
    return [each | {"extra_services": services[number % 3]} for number, each in enumerate(found)]


COMBINATIONS = combinations_of(PATTERN)


def tree_of(combination: Combination, project: str = PROJECT, pattern: str = PATTERN) -> Tree:
    """Return the files of a project with these options."""
    options = (
        (name, tuple(value) if isinstance(value, list) else value) for name, value in combination.items()
    )
    return _rendered(pattern, tuple(sorted(options)), project)


@cache
def _rendered(pattern: str, options: tuple[tuple[str, object], ...], project: str) -> Tree:
    found = find_pattern(pattern)
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in options}
    tree = render(found, check_answers(found, project, given)).tree
    # Most files are the same in most combinations, so store each content once.
    return {
        path: replace(file, content=_contents.setdefault(file.content, file.content))
        for path, file in tree.items()
    }


def write(tree: Tree, folder: Path) -> Path:
    """Write a tree to `folder`, create it if needed, and return it."""
    for path, file in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
        place.chmod(file.mode & 0o755)
    return folder
