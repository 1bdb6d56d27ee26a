"""Texts of strangers, made fit for a terminal and for our own names."""

import re

from jinja2 import TemplateError

from blueprint.sandbox import explain


def printable(text: str) -> str:
    """`text` without what could do something to a terminal; lines stay lines."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def one_line(text: str) -> str:
    """`text` as one line."""
    return printable(" ".join(text.split()))


def error_text(error: BaseException) -> str:
    """What `error` says, on one line."""
    text = explain(error) if isinstance(error, TemplateError) else str(error)
    return one_line(text) or type(error).__name__


def slug(text: str) -> str:
    """A name for a pattern from that of a folder or a repository."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return (words if re.match(r"[a-z]", words) else f"template-{words}")[:64].rstrip("-")
