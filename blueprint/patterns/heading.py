"""Headings of patterns: name, title, summary and version, read without loading the rest."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from blueprint.documents import MAX_BYTES
from blueprint.errors import PatternError

from .loading import PATTERN_FILE
from .options import Line, SemanticVersion, Slug

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PatternHeading(msgspec.Struct, frozen=True):
    """The name, title, summary and version of a pattern."""

    name: Slug
    title: Line
    summary: Line
    version: SemanticVersion


def read_heading(folder: Path) -> PatternHeading:
    """Read only the heading of the pattern in `folder`. Raises PatternError.

    Reading ends as soon as the heading is complete, which makes it about a hundred times as fast as loading
    the pattern. Errors further down in the file are reported when the pattern is loaded.
    """
    path = os.path.join(folder, PATTERN_FILE)
    try:
        with open(path, "rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        return msgspec.convert(plain_heading(text) or dict(_heading_values(text)), PatternHeading)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except (yaml.YAMLError, msgspec.ValidationError, ValueError) as error:
        raise PatternError(
            f"{path} does not say which pattern it is: its name, title, summary or version cannot be read",
            hint="`blueprint pattern check DIR` says what is wrong.",
        ) from error


_PLAIN = re.compile(r"""([a-z_]+): +([^ \-?:,\[\]{}#&*!|>'"%@`](?:[^:#]*[^ :#])?) *""")
"""A line with a key and a value that YAML takes as it is: no quotes, no comment and nothing nested."""


def plain_heading(text: str) -> dict[str, str] | None:
    """Return the values of the heading in `text` if it begins with nothing but plain lines; None if not.

    This is what the parser finds in most patterns, only faster.
    """
    values: dict[str, str] = {}
    missing = set(PatternHeading.__struct_fields__)
    for line in text.split("\n"):
        if not line or (line.startswith("#") and line.isprintable()):
            continue
        if not missing:
            # The last value would go on in a line that is indented.
            return values if line[0] not in " \t" else None
        match = _PLAIN.fullmatch(line)
        if match is None or not line.isprintable() or match[1] in values:
            return None
        if match[1] in missing:
            missing.remove(match[1])
            values[match[1]] = match[2]
    return values if not missing else None


def _heading_values(text: str) -> Iterator[tuple[str, str]]:
    """Yield the keys and values of the heading; stop parsing when it is complete."""
    missing = set(PatternHeading.__struct_fields__)
    depth, key = 0, ""
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth, key = depth + 1, ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif depth == 1 and isinstance(event, yaml.ScalarEvent):
            if key in missing:
                missing.remove(key)
                yield key, event.value
                if not missing:
                    return
            key = "" if key else event.value
