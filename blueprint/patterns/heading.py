"""What a pattern says of itself in a list, read from the top of its pattern.yaml and no further."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from blueprint.documents import MAX_BYTES
from blueprint.errors import PatternError

from .loading import PATTERN_FILE
from .model import Line, SemanticVersion, Slug

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Heading(msgspec.Struct, frozen=True):
    """The name, title, summary and version of a pattern."""

    name: Slug
    title: Line
    summary: Line
    version: SemanticVersion


def read_heading(folder: Path) -> Heading:
    """The heading of the pattern in `folder`. Raises PatternError.

    Reading ends where all of it is known, which is at the top of most: a list of a thousand patterns takes as
    long as loading twenty. What stands below may be broken; who uses the pattern will hear of it.
    """
    path = folder / PATTERN_FILE
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8-sig")
        return msgspec.convert(dict(_first_words(text)), Heading)
    except OSError as error:
        raise PatternError(f"cannot read {path}: {error.strerror}") from error
    except (yaml.YAMLError, msgspec.ValidationError, ValueError) as error:
        raise PatternError(
            f"{path} does not say which pattern it is: its name, title, summary or version cannot be read",
            hint="`blueprint pattern check DIR` says what is wrong.",
        ) from error


def _first_words(text: str) -> Iterator[tuple[str, str]]:
    """The top-level keys of a heading with their values, until all of them have come."""
    missing = set(Heading.__struct_fields__)
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
