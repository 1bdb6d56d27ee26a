"""Syntax errors of a template: all that can be told apart, not only the first.

Jinja stops at the first error. The tag with that error is replaced by one that is valid, and the template is
parsed again.
"""

import re
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError

from .template_names import TemplateText, names_in

MAX_ERRORS = 20
"""Maximum number of errors that are reported for one template."""

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WORD = re.compile(r"\{%[-+]?\s*(\w*)")
_VALID = {"if": "{% if 1 %}", "elif": "{% elif 1 %}", "for": "{% for i in [] %}"}
"""Valid tags to replace those that begin a block or a branch; other tags are removed."""

_BLOCKS = {
    "if": ("", "{% endif %}"),
    "elif": ("{% if 1 %}", "{% endif %}"),
    "else": ("{% if 1 %}", "{% endif %}"),
    "endif": ("{% if 1 %}", ""),
    "for": ("", "{% endfor %}"),
    "endfor": ("{% for i in [] %}", ""),
}
"""What has to stand before and after a tag to make it a whole template."""


def syntax_errors(text: TemplateText) -> Iterator[TemplateSyntaxError]:
    """The syntax errors of `text`, at most one for each tag.

    The search ends at an error that lies between tags, such as a missing `endif`: what follows from it could
    not be told from further errors.
    """
    for _ in range(MAX_ERRORS):
        try:
            names_in(text)
        except TemplateSyntaxError as error:
            yield error
            repaired = None if text.expression else _without_tag(text.source, error.lineno)
            if repaired is None:
                return
            text = TemplateText(repaired)
        else:
            return


def _without_tag(source: str, line: int) -> str | None:
    """Return `source` with a valid tag for the first one on `line` that is invalid by itself, or None."""
    for tag in _TAG.finditer(source):
        first, breaks = source.count("\n", 0, tag.start()) + 1, tag[0].count("\n")
        if first <= line <= first + breaks and _is_invalid(tag[0]):
            word = _word(tag[0])
            # Without this tag, the other end of its block would be an error, too.
            if word.startswith("end") or (word not in _VALID and f"end{word}" in source):
                return None
            return source[: tag.start()] + _VALID.get(word, "") + "\n" * breaks + source[tag.end() :]
    return None


def _is_invalid(tag: str) -> bool:
    """Whether a tag is invalid by itself, in a block that it belongs to."""
    before, after = _BLOCKS.get(_word(tag), ("", ""))
    try:
        names_in(TemplateText(f"{before}{tag}{after}"))
    except TemplateSyntaxError:
        return True
    return False


def _word(tag: str) -> str:
    """The word that a tag of a block begins with; empty for an expression."""
    match = _WORD.match(tag)
    return match[1] if match else ""
