"""Line endings of templates: the text that they render keeps them, although Jinja replaces all by LF."""

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

_MARKS = {"\r\n": "\ufdd0", "\r": "\ufdd1"}
"""A mark for each line ending other than LF. It precedes the LF; no text contains these noncharacters."""

_LINE_ENDING = re.compile(r"\r\n|\r|\n")
_MARKED = re.compile(f"[{''.join(_MARKS.values())}]\n")
_ENDINGS = {f"{mark}\n": ending for ending, mark in _MARKS.items()}


class ExactLoader(FileSystemLoader):
    """Loader that marks the line endings in the text of a template, but not those inside its tags."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the source with marks, its file, and whether it is up to date."""
        source, filename, is_current = super().get_source(environment, template)
        content = Path(filename).read_bytes()
        return _marked(content.decode(), environment) if b"\r" in content else source, filename, is_current


def exact_line_endings(text: str) -> str:
    """Replace the marks in rendered `text` by the line endings that they stand for."""
    return _MARKED.sub(lambda match: _ENDINGS[match[0]], text)


def _marked(source: str, environment: Environment) -> str:
    """Mark the line endings of `source` that become text; Jinja trims and skips the others."""
    lines, endings = _LINE_ENDING.split(source), _LINE_ENDING.findall(source)
    in_text = set()
    for number, kind, text in environment.lex("\n".join(lines)):
        if kind == "data":
            in_text.update(range(number, number + text.count("\n")))
    marked = (
        f"{line}{_MARKS.get(ending, '') if number in in_text else ''}\n"
        for number, (line, ending) in enumerate(zip(lines, endings, strict=False), start=1)
    )
    return "".join(marked) + lines[-1]
