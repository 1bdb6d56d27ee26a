"""Report phrases that CONTRIBUTING.md rules out, in every text file under version control.

In Python files only comments and strings are checked. Run by `make lint`: prints `path:line: phrase` for each
finding and exits with 1 if there is any.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PHRASES = re.compile(
    r"""\b(
        whoever
        | anew
        | no\ more\b(?!\ than\b)     # for "no longer"
        | of\ its\ own
        | what\ it\ is
        | (?-i:is\ none)             # but a value that is None
        | (?:is|are|was|were|be|been)\ away\b(?!\ from\b)  # for "down" or "unavailable"
        | the\ others\ go\ on
        | tell(?:s|ing)?\ of | told\ of
        | comes?\ to\ nothing
        | [0-9]+\.\ time
        | [a-z]{3,}\(s\)             # a plural that was not decided
    )""",
    re.IGNORECASE | re.VERBOSE,
)

EXEMPT = (
    "CHANGELOG.md",
    "tools/check_language.py",
    "tests/test_language.py",
)
"""Files that have to name the phrases, or that quote."""

TEXT = {
    ".cfg",
    ".conf",
    ".css",
    ".html",
    ".ini",
    ".jinja",
    ".js",
    ".json",
    ".md",
    ".mk",
    ".py",
    ".sh",
    ".sql",
}
TEXT |= {".toml", ".txt", ".yaml", ".yml", ""}
"""Endings of the files that are checked; the empty one stands for names such as Makefile and Dockerfile."""

_STRINGS = {tokenize.COMMENT, tokenize.STRING}
# Since Python 3.12 the literal parts of an f-string are tokens.
_STRINGS |= {kind for name in ("FSTRING_MIDDLE", "TSTRING_MIDDLE") if (kind := getattr(tokenize, name, None))}


def main() -> int:
    """Check all files that git knows, and print what was found."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    names = [name for name in listed.stdout.split("\0") if name and name not in EXEMPT]
    findings = [finding for name in sorted(names) for finding in check_file(ROOT / name, name)]
    print("\n".join(findings))
    return 1 if findings else 0


def check_file(path: Path, name: str) -> list[str]:
    """Return one line for each phrase in the file, or nothing if it is no text."""
    if path.suffix not in TEXT or not path.is_file():
        return []
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return []
    found = _python(path) if path.suffix == ".py" else _lines(text, 1)
    return [f"{name}:{line}: {phrase}" for line, phrase in found]


def _python(path: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type in _STRINGS:
                yield from _lines(token.string, token.start[0])


def _lines(text: str, first: int) -> Iterator[tuple[int, str]]:
    # Joined, since a phrase may be broken over two lines.
    for match in PHRASES.finditer(re.sub(r"\s", " ", text)):
        yield first + text.count("\n", 0, match.start()), match.group()


if __name__ == "__main__":
    sys.exit(main())
