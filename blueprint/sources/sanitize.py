"""Sanitize untrusted text for display in a terminal and for use in names."""

import re

from jinja2 import TemplateError

from blueprint.templating import explain


def printable(text: str) -> str:
    """Remove all characters that could control a terminal; keep line breaks."""
    return "".join(character for character in text if character.isprintable() or character == "\n")


def one_line(text: str) -> str:
    """Collapse `text` to one printable line."""
    return printable(" ".join(text.split()))


def error_text(error: BaseException) -> str:
    """Return the message of `error` as one line, or its type if there is no message."""
    text = explain(error) if isinstance(error, TemplateError) else str(error)
    return one_line(text) or type(error).__name__


def slug(text: str) -> str:
    """Derive the name of a pattern from the name of a folder or a repository."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return (words if re.match(r"[a-z]", words) else f"template-{words}")[:64].rstrip("-")
