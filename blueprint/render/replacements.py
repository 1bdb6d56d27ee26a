"""Literal replacements in the files that a layer copies, and in their paths."""

import re
from collections.abc import Mapping

from blueprint.patterns import Layer

from .templates import Templates


class Replacements:
    """Replaces texts by others in one pass: the longest one at each place, from left to right.

    What was inserted is not searched again. So the result does not depend on the order of the texts.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        longest_first = sorted(values, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or NOTHING)

    def in_text(self, text: str) -> str:
        """Return `text` with every text replaced."""
        return self._any.sub(lambda match: self._values[match[0]], text)

    def in_content(self, content: bytes) -> bytes:
        """Return the content of a file with every text replaced, or unchanged if the file is not text."""
        text = text_of(content) if self._values else None
        return content if text is None else self.in_text(text).encode()

    def found_in(self, text: str) -> set[str]:
        """Return the texts that would be replaced in `text`."""
        return {match[0] for match in self._any.finditer(text)}


NOTHING = r"(?!)"
"""Regular expression that matches nowhere."""


def layer_replacements(layer: Layer, templates: Templates) -> Replacements:
    """Render the values in the `replace` of `layer`. Raises PatternError."""
    return Replacements({text: templates.text(value) for text, value in layer.replace.items()})


def text_of(content: bytes) -> str | None:
    """Return a copied file as text; None if it is not UTF-8 or contains a NUL byte.

    Binary formats store lengths and checksums, which a replacement would make wrong.
    """
    try:
        return None if b"\0" in content else content.decode("utf-8")
    except UnicodeDecodeError:
        return None
