"""Text of programs in a template, exactly as it runs."""

import re
from pathlib import Path

from blueprint.errors import PatternError

from .sanitize import printable

_ENCODING = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)

_AS_SHOWN = frozenset({"utf-8", "utf8", "utf-8-sig", "utf-8-unix", "ascii", "us-ascii"})
_AS_SHOWN |= {"latin-1", "iso-8859-1", "iso-8859-15", "cp1252"}
"""Encodings in which ASCII text is itself; in others, such as UTF-7, a comment can contain code."""

_HINT = "Store it as UTF-8, or tell the template's author."


def program_text(path: Path) -> str:
    """Return the text of the program at `path`. Raises PatternError if it is not UTF-8."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise PatternError(
            f"{path} is code, but not UTF-8 text", hint="Tell the template's author."
        ) from None
    check_encoding(text, str(path))
    return text


def check_encoding(text: str, name: str) -> None:
    """Refuse a Python program that declares another encoding: it would run as other code than is shown."""
    for line in text.split("\n", 2)[:2]:
        match = _ENCODING.match(line)
        if match and match[1].lower().replace("_", "-") not in _AS_SHOWN:
            raise PatternError(
                f"{name} declares the encoding {match[1]}, so other code could run than the text shows",
                hint=_HINT,
            )


def shown_text(path: Path) -> str:
    """Return the text of a program for display, or its size if it is not text."""
    try:
        return printable(program_text(path))
    except PatternError as error:
        return error.message
