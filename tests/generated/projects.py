"""Make projects from built-in patterns, in memory or on disk."""

from functools import cache
from pathlib import Path

from blueprint.patterns import check_answers, find_pattern
from blueprint.render import Tree, render

from .combinations import Combination, every_combination

PATTERN = "monolith"
PROJECT = "corner-shop"
COMBINATIONS = every_combination(find_pattern(PATTERN))


def tree_of(combination: Combination, project: str = PROJECT) -> Tree:
    """The files of a project with these options."""
    return _rendered(tuple(sorted(combination.items())), project)


@cache
def _rendered(options: tuple[tuple[str, object], ...], project: str) -> Tree:
    pattern = find_pattern(PATTERN)
    return render(pattern, check_answers(pattern, project, dict(options))).tree


def write(tree: Tree, folder: Path) -> Path:
    """Write a tree below `folder`, which need not exist, and return the folder."""
    for path, file in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
        place.chmod(file.mode & 0o755)
    return folder
