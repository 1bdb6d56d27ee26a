"""The steps of a tutorial: files to write, and commands to type with their expected output.

A code block below a path (in backticks, with a colon) is a file. In a `console` block, a line after `$` is
typed (with the lines after `>`), and the lines below it are the expected output: three dots stand for any
lines, and a number in brackets is the exit status. A block of `sh` is not run: it needs a running shop.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = re.compile(
    r"^(?:`(?P<path>[^`\n]+)`:\n\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Typed:
    """A command line, its expected output and its expected exit status."""

    command: str
    expected: list[str]
    status: int


@dataclass(frozen=True)
class Written:
    """A file and its content."""

    path: str
    text: str


def steps(text: str) -> Iterator[Typed | Written]:
    """Yield what a reader of the tutorial does, in order."""
    for block in BLOCK.finditer(text):
        if block["path"]:
            yield Written(block["path"], block["text"])
        elif block["language"] == "console":
            for command in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                yield typed(command)


def typed(text: str) -> Typed:
    """Parse one command of a block, with its further lines and its output."""
    first, *others = text.splitlines()
    more = [line.removeprefix("> ") for line in others if line.startswith("> ")]
    output = [line for line in others if not line.startswith("> ")]
    status = re.fullmatch(r"\[(\d+)\]", output[-1]) if output else None
    return Typed(
        "\n".join([first, *more]), output[:-1] if status else output, int(status[1]) if status else 0
    )
