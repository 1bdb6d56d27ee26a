"""Print random docstrings, comments and messages of the repository, for a review of their language.

python -m tools.sample_texts --seed 1 picks ten texts each from blueprint/, templates/ and docs/. The same
seed picks the same texts from the same files.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import textwrap
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("blueprint", "templates", "docs")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
WORDS = 4
"""Shortest string or comment that counts as a text, in words; shorter ones are names and keys."""

CODE = re.compile(r"^ *```.*?^ *```$|\A---$.*?^---$", re.DOTALL | re.MULTILINE)
PARAGRAPH = re.compile(r"^ *[^\s|#{<!:].*(?:\n(?! *(?:[-*|]|[0-9]+\.) ) *[^\s|#{<].*)*", re.MULTILINE)

Text = tuple[str, int, str]
"""Path, line and text."""


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=10, help="texts of each part")
    arguments = parser.parse_args()
    for part in PARTS:
        print(f"# {part}/\n")
        for path, line, text in sample(ROOT / part, arguments.seed, arguments.count):
            print(f"{path}:{line}\n{textwrap.indent(text, '    ')}\n")


def sample(folder: Path, seed: int, count: int) -> list[Text]:
    """Return `count` texts of the files in `folder`, sorted by their place."""
    found = [text for path in sorted(folder.rglob("*")) if path.is_file() for text in texts_of(path)]
    # The sample need not be unpredictable.
    return sorted(random.Random(seed).sample(found, min(count, len(found))))  # noqa: S311


def texts_of(path: Path) -> Iterator[Text]:
    """Yield docstrings, comments and messages of a Python file or template, and paragraphs of a page."""
    name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
    if path.suffix == ".py":
        found = [*_docstrings_and_messages(path), *_comments(path)]
    elif path.suffix == ".md":
        found = [*_paragraphs(path.read_text("utf-8"))]
    elif path.suffix in (".jinja", ".mk", ".yaml", ".yml", ".toml"):
        found = [*_comment_blocks(path.read_text("utf-8"))]
    else:
        found = []
    yield from ((name, line, text) for line, text in found if len(text.split()) >= WORDS)


def _docstrings_and_messages(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, text
        elif isinstance(node, ast.Call):
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            for each in arguments:
                if text := _message(each):
                    yield each.lineno, text


def _message(node: ast.expr) -> str | None:
    """Return the text of a string, with its expressions as code; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return ast.unparse(node)
    return None


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(path) as file:
        lines = {
            token.start[0]: token.string.lstrip("#: ")
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.COMMENT and not re.match(r"# (noqa|type:|fmt:)", token.string)
        }
    yield from _blocks(lines)


def _comment_blocks(text: str) -> Iterator[tuple[int, str]]:
    found = ((number, re.match(r"\s*# (.*)", line)) for number, line in enumerate(text.splitlines(), 1))
    yield from _blocks({number: match[1] for number, match in found if match})


def _blocks(lines: dict[int, str]) -> Iterator[tuple[int, str]]:
    """Join the comments of lines that follow each other."""
    for number, text in lines.items():
        if number - 1 not in lines:
            block = [text]
            while (following := number + len(block)) in lines:
                block.append(lines[following])
            yield number, "\n".join(block)


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield paragraphs and items of lists, but no headings, code, tables and images."""
    without_code = CODE.sub(lambda code: "\n" * code[0].count("\n"), text)
    for match in PARAGRAPH.finditer(without_code):
        yield 1 + without_code[: match.start()].count("\n"), match[0].strip()


if __name__ == "__main__":
    main()
