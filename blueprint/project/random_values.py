"""Random values of a template: an update keeps those that the project has.

A value is random if it differs between two renderings of the same version with the same answers.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from blueprint.render import File, Tree

_WORD = rb"([\w-]+)"
_ANYTHING = rb"(.+)"
_TOKEN = re.compile(_WORD)
_FREE = re.compile(rb"""[=:@\s"'`]""")
"""What ends a random value that contains punctuation."""


@dataclass(frozen=True)
class _Line:
    """A line as literal texts (at even positions) and random values between them."""

    parts: tuple[bytes, ...]
    values: bytes = b""
    """Regular expression of a random value."""

    @property
    def is_random(self) -> bool:
        return len(self.parts) > 1

    @property
    def pattern(self) -> bytes:
        """Regular expression of this line in any rendering, with a group for each random value."""
        texts = [re.escape(part) for part in self.parts[::2]]
        return self.values.join(texts)


@dataclass(frozen=True)
class _RandomFile:
    """A file that differs between renderings: its path in the project, and its lines.

    Without `lines`, it is random as a whole: a binary file, or one whose number of lines differs.
    """

    path: str
    rendered: str
    before: File | None
    lines: Sequence[_Line]


def keep_random_values(
    first: Tree, second: Tree, before: Callable[[str], File | None], paths: Sequence[str]
) -> Tree:
    """Return `first` with the random values that the project has; `second` is another rendering of it.

    `before` returns a file of the project as it was rendered, or as it is on disk, and `paths` are all files
    that were rendered.
    """
    files = [*_random_files(first, second, before, paths)]
    known: dict[bytes, bytes] = {}
    local = [_values_before(file, known) for file in files]
    tree = dict(first)
    for file, values in zip(files, local, strict=True):
        rendered = tree.pop(file.rendered)
        if file.lines:
            content = b"".join(
                _with_values(line, values.get(number, ()), known) for number, line in enumerate(file.lines)
            )
            tree[file.path] = replace(rendered, content=content)
        else:
            tree[file.path] = replace(rendered, content=(file.before or rendered).content)
    return dict(sorted(tree.items()))


def _random_files(
    first: Tree, second: Tree, before: Callable[[str], File | None], paths: Sequence[str]
) -> Iterator[_RandomFile]:
    for path in first.keys() & second.keys():
        if first[path].content != second[path].content:
            yield _RandomFile(path, path, before(path), _lines(first[path].content, second[path].content))
    here, there = (sorted(one.keys() - other.keys()) for one, other in ((first, second), (second, first)))
    if len(here) != len(there):
        return
    for path, other in zip(here, there, strict=True):
        line = _line(path.encode(), other.encode())
        found = [each for each in paths if each not in first and re.fullmatch(line.pattern, each.encode())]
        if line.is_random and found:
            lines = _lines(first[path].content, second[other].content)
            yield _RandomFile(found[0], path, before(found[0]), lines)


def _lines(first: bytes, second: bytes) -> Sequence[_Line]:
    """The lines of `first`, compared with those of `second`; empty if they cannot be compared."""
    ours, theirs = (content.splitlines(keepends=True) for content in (first, second))
    if b"\0" in first or b"\0" in second or len(ours) != len(theirs):
        return ()
    return [_line(one, other) for one, other in zip(ours, theirs, strict=True)]


def _line(one: bytes, other: bytes) -> _Line:
    if one == other:
        return _Line((one,))
    ours, theirs = _TOKEN.split(one), _TOKEN.split(other)
    if ours[::2] == theirs[::2]:
        parts = [ours[0]]
        for index in range(1, len(ours), 2):
            if ours[index] == theirs[index]:
                parts[-1] += ours[index] + ours[index + 1]
            else:
                parts += [ours[index], ours[index + 1]]
        return _Line(tuple(parts), _WORD)
    start = next(index for index, (a, b) in enumerate(zip_longest(one, other)) if a != b)
    end = next(index for index, (a, b) in enumerate(zip_longest(one[::-1], other[::-1])) if a != b)
    ends = [match.end() for match in _FREE.finditer(one, 0, start)]
    stop = _FREE.search(one, max(start, len(one) - end))
    prefix, suffix = one[: ends[-1] if ends else 0], one[stop.start() if stop else len(one) :]
    return _Line((prefix, one[len(prefix) : len(one) - len(suffix)], suffix), _ANYTHING)


def _values_before(file: _RandomFile, known: dict[bytes, bytes]) -> Mapping[int, Sequence[bytes]]:
    """The random values of each line in the project; `known` also gets them, by the rendered values."""
    if file.before is None or not file.lines:
        return {}
    old = file.before.content.splitlines(keepends=True)
    found = {}
    for number, previous in _pairs(file.lines, old):
        line = file.lines[number]
        match = re.match(line.pattern, previous) or re.match(_beginning(line), previous)
        if match:
            found[number] = match.groups()
            for value, kept in zip(line.parts[1::2], match.groups(), strict=False):
                known.setdefault(value, kept)
    return found


def _pairs(lines: Sequence[_Line], old: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Match random lines with the lines of the project: by the line above, by order, by their beginning."""
    literal = {line.parts[0] for line in lines if not line.is_random}
    patterns = dict.fromkeys(line.pattern for line in lines if line.is_random)
    keys = [line.pattern if line.is_random else line.parts[0] for line in lines]
    matching = [
        previous
        if previous in literal
        else next((pattern for pattern in patterns if re.fullmatch(pattern, previous)), None)
        for previous in old
    ]
    free = {index for index, key in enumerate(matching) if key in patterns or key is None}
    left = {number for number, line in enumerate(lines) if line.is_random}
    above = _by_line_above(matching)
    for context, number in _by_line_above(keys).items():
        index = above.get(context)
        if number in left and index in free:
            left.remove(number)
            free.remove(index)
            yield number, old[index]
    for block in SequenceMatcher(None, keys, matching, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            number, index = block.a + offset, block.b + offset
            if number in left and index in free:
                left.remove(number)
                free.remove(index)
                yield number, old[index]
    for number in sorted(left):
        same = [index for index in sorted(free) if re.match(_beginning(lines[number]), old[index])]
        if same and re.search(rb"\w", lines[number].parts[0]):
            free.remove(same[0])
            yield number, old[same[0]]


def _by_line_above(keys: Sequence[bytes | None]) -> Mapping[tuple[bytes | None, bytes | None], int]:
    """The lines that are the only ones with their key below a line with a given key."""
    contexts = list(zip([None, *keys], keys, strict=False))
    counts = Counter(contexts)
    return {context: index for index, context in enumerate(contexts) if counts[context] == 1}


def _beginning(line: _Line) -> bytes:
    """Regular expression of the beginning of a line with its first random value, for another end."""
    return re.escape(line.parts[0]) + (_WORD if line.values == _WORD else rb"""([^\s"'`]+)""")


def _with_values(line: _Line, values: Sequence[bytes], known: Mapping[bytes, bytes]) -> bytes:
    parts = list(line.parts)
    for index in range(1, len(parts), 2):
        place = index // 2
        parts[index] = values[place] if place < len(values) else known.get(parts[index], parts[index])
    return b"".join(parts)
