"""Count how much of a shop's production code is infrastructure: `python -m tools.infrastructure_share`.

Each pattern is rendered with its default options. A line counts if it holds code: no blank line, comment or
docstring. What a line counts as follows from its path:

- *infrastructure*: the chassis, and what connects a service to the bus
- *business*: contexts, types of events, and what composes contexts into programs: wiring, sagas, handlers
- *not production*: tests and their fixtures, the development issuer, sample data, the embedded bus, which no
  deployment uses, and what `make revision` writes migrations with

`--by-folder` also lists the infrastructure by folder.
"""

import argparse
import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator

from blueprint.patterns import check_answers, find_pattern, pattern_names
from blueprint.render import Tree, render

PROJECT = "shop"
NOT_PRODUCTION = re.compile(
    r"/(tests|issuer)/|/(testing|conftest|seed|samples|embedded|logfile|revisions|comparison)\.py$"
)
INFRASTRUCTURE = re.compile(
    r"^(libs/)?src/(chassis/|choreography/(?!(events|topics|upcasting)\.py))|_service/tables\.py$"
)
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


def code_lines(source: str) -> int:
    """Return the number of lines that hold code."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        for statement in node.body if isinstance(node, documented) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                docstrings.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings)


def counted(tree: Tree) -> Iterator[tuple[str, str, int]]:
    """Yield kind, folder and lines of code of each Python file."""
    for path, file in tree.items():
        if path.endswith(".py") and "src/" in path:
            kind = "business"
            if NOT_PRODUCTION.search(path):
                kind = "not production"
            elif INFRASTRUCTURE.search(path):
                kind = "infrastructure"
            yield kind, "/".join(path.split("src/")[1].split("/")[:2]), code_lines(file.content.decode())


def main() -> None:
    """Print a line for each pattern."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--by-folder", action="store_true")
    by_folder = parser.parse_args().by_folder
    for name in pattern_names():
        pattern = find_pattern(name)
        kinds: Counter[str] = Counter()
        folders: Counter[str] = Counter()
        for kind, folder, lines in counted(render(pattern, check_answers(pattern, PROJECT, {})).tree):
            kinds[kind] += lines
            folders[folder] += lines if kind == "infrastructure" else 0
        infrastructure, business = kinds["infrastructure"], kinds["business"]
        production = infrastructure + business
        print(f"{name}: {infrastructure / production:.1%} of {production:,} production lines", end="")
        print(f" ({infrastructure:,}) are infrastructure; {kinds['not production']:,} are not production")
        for folder, lines in folders.most_common() if by_folder else ():
            if lines:
                print(f"{lines:7,}  {folder}")


if __name__ == "__main__":
    main()
