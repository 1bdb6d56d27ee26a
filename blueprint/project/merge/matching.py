"""Which lines two versions share, for merge3; insertions and deletions are where git puts them."""

from collections.abc import Callable, Sequence
from difflib import Match, SequenceMatcher


class LineMatcher:
    """Matcher that moves each insertion or deletion as far down as equal lines allow.

    An inserted function begins with the blank line before it or ends with the one after it. Where it ends
    with one, as in git, an edit of the line before it does not touch it and is no conflict.
    """

    def __init__(
        self,
        isjunk: Callable[[bytes], bool] | None = None,
        a: Sequence[bytes] = (),
        b: Sequence[bytes] = (),
        autojunk: bool = False,
    ) -> None:
        self._before, self._after = a, b
        self._found = SequenceMatcher(isjunk, a, b, autojunk)

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        """Return the blocks of equal lines, each with both starts and the size; the last one is empty."""
        blocks = [Match(0, 0, 0)]
        for block in self._found.get_matching_blocks():
            above = blocks[-1]
            down = self._way_down(above, block)
            blocks[-1] = above._replace(size=above.size + down)
            if down < block.size or block.size == 0:
                blocks.append(Match(block.a + down, block.b + down, block.size - down))
        return [*blocks]

    def _way_down(self, above: Match, below: Match) -> int:
        """Return by how many lines the insertion or deletion between two blocks can move; else 0."""
        if above.a + above.size == below.a:
            lines, start, end = self._after, above.b + above.size, below.b
        elif above.b + above.size == below.b:
            lines, start, end = self._before, above.a + above.size, below.a
        else:
            return 0
        down = 0
        while down < below.size and lines[start + down] == lines[end + down]:
            down += 1
        return down
