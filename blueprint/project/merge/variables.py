"""Merge of secret files: what is missing is added, and no line is changed."""

import re
from collections.abc import Iterator, Mapping

_VARIABLE = re.compile(rb"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)")
_RANDOM = re.compile(rb"[\w-]{20,}")
"""Text that looks like a random secret: `secret()` writes at least 20 of these characters for 15 bytes."""


def is_environment(content: bytes) -> bool:
    """Whether `content` has only variables and comments, so that a variable can be added at its end.

    In a format with sections or nested values, such as INI, a line at the end belongs to what is above it.
    """
    lines = (line.strip() for line in content.splitlines())
    return all(not line or line.startswith(b"#") or _VARIABLE.match(line) for line in lines)


def only_adds_lines(before: bytes, after: bytes) -> bool:
    """Whether `after` has all lines of `before` in their order, with others between them."""
    remaining = iter(after.splitlines())
    return all(line in remaining for line in before.splitlines())


def missing_variables(yours: bytes, theirs: bytes) -> Mapping[str, bytes]:
    """Find the variables that only `theirs` defines; returns name to lines, with the comments directly above.

    A variable that is commented out in `yours` is not missing: somebody decided against it.
    """
    known = dict(_variables(yours.replace(b"\n#", b"\n").removeprefix(b"#")))
    return {name: lines for name, lines in _variables(theirs) if name not in known}


def with_variables(yours: bytes, missing: Mapping[str, bytes]) -> bytes:
    """Append the `missing` variables to `yours`."""
    end = b"\r\n" if b"\r\n" in yours else b"\n"
    gap = b"" if not yours or yours.endswith(b"\n") else end
    return yours + gap + b"".join(lines.replace(b"\n", end) for lines in missing.values())


def changed_values(before: bytes, after: bytes) -> list[str]:
    """The names of variables whose values differ, apart from random secrets in them.

    A changed file without variables gives one entry that stands for the whole file.
    """
    old, new = _values(before), _values(after)
    if not new and is_changed(before, after):
        return ["the whole file"]
    return [name for name in new if name in old and new[name] != old[name]]


def removed_variables(before: bytes, after: bytes, yours: bytes) -> list[str]:
    """The names of variables that `before` sets and `after` does not, and that are still set in `yours`."""
    old, new, kept = _values(before), _values(after), _values(yours)
    return [name for name in old if name in kept and name not in new]


def is_changed(before: bytes, after: bytes) -> bool:
    """Whether a file has changed, apart from random secrets in it."""
    return _RANDOM.sub(b"", before) != _RANDOM.sub(b"", after)


def _values(content: bytes) -> dict[str, bytes]:
    matches = filter(None, map(_VARIABLE.match, content.splitlines()))
    return {match[1].decode(): _RANDOM.sub(b"", match[2]) for match in matches}


def _variables(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The name of each variable, and its line after the comments directly above."""
    comments = b""
    for line in content.splitlines():
        match = _VARIABLE.match(line)
        if match:
            yield match[1].decode(), comments + line + b"\n"
        comments = comments + line + b"\n" if line.startswith(b"#") else b""
