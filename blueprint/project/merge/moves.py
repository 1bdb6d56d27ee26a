"""Rename detection by content, so that the user's edits follow a renamed file."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from blueprint.render import Tree

SIMILAR = 0.6
"""Minimum similarity of two files (0 to 1) for a rename. git uses 0.5."""


def find_moves(
    base: Tree, new: Tree, removed: Iterable[str], added: Iterable[str], *, renamed: bool = True
) -> Mapping[str, str]:
    """Match `added` files of `new` with `removed` files of `base`; returns new path to old path.

    The most similar pair is matched first; among equals, a pair with the same file name. Unless files may be
    `renamed`, they must have the same name in another folder.
    """
    lines = {path: Counter(base[path].content.splitlines()) for path in removed}
    candidates = []
    for target in added:
        content = Counter(new[target].content.splitlines())
        for path, before in lines.items():
            same_name = PurePosixPath(path).name == PurePosixPath(target).name
            score = _similarity(before, content) if renamed or same_name else 0.0
            if score >= SIMILAR:
                candidates.append((-score, not same_name, target, path))
    moves: dict[str, str] = {}
    for _, _, target, path in sorted(candidates):
        if target not in moves and path not in moves.values():
            moves[target] = path
    return moves


def _similarity(one: Counter[bytes], other: Counter[bytes]) -> float:
    """Share of common lines in the longer file; 0 if both are empty."""
    most = max(one.total(), other.total())
    return (one & other).total() / most if most else 0.0
