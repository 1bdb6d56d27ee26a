"""Markdown to HTML that is safe to show.

Raw HTML in the Markdown is shown as text. What the renderer writes is sanitized as well, so a fault in one of
the two libraries is not enough for a script to reach a reader.
"""

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_URL_SCHEMES = {"http", "https", "mailto"}


def to_html(text: str) -> str:
    """Return the Markdown `text` (CommonMark, with tables and strikethrough) as sanitized HTML."""
    return nh3.clean(_MARKDOWN.render(text), url_schemes=_URL_SCHEMES)
