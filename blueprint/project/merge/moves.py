"""Files that a pattern has renamed, found by what is in them, so that edits can follow."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from blueprint.render import Tree

SIMILAR = 0.6
"""How much of two files must be the same for one to be the other under a new name (git takes 0.5)."""


def find_moves(base: Tree, new: Tree, gone: Iterable[str], appeared: Iterable[str]) -> Mapping[str, str]:
    """New path to old path, for the `appeared` files of `new` that are `gone` files of `base`.

    The most similar pair comes first; of equals, the one with the same file name.
    """
    lines = {path: Counter(base[path].content.splitlines()) for path in gone}
    candidates = []
    for place in appeared:
        content = Counter(new[place].content.splitlines())
        for path, before in lines.items():
            score = _similarity(before, content)
            if score >= SIMILAR:
                same_name = PurePosixPath(path).name == PurePosixPath(place).name
                candidates.append((-score, not same_name, place, path))
    moves: dict[str, str] = {}
    for _, _, place, path in sorted(candidates):
        if place not in moves and path not in moves.values():
            moves[place] = path
    return moves


def _similarity(one: Counter[bytes], other: Counter[bytes]) -> float:
    """The share of the lines of the longer that both have; nothing is like an empty file."""
    most = max(one.total(), other.total())
    return (one & other).total() / most if most else 0.0
