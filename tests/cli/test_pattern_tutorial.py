"""docs/tutorial.md works as it is written: its files are written, its commands typed, its output compared.

A block of code below a path (in backticks, with a colon) is a file. In a block of `console`, a line after `$`
is typed (with the lines after `>`), and what follows is what must come out: a line of dots stands for any
lines, and a number in brackets is the exit status.
"""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TUTORIAL = ROOT / "docs/tutorial.md"
BLOCK = re.compile(
    r"^(?:`(?P<path>[^`\n]+)`:\n\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
DOTS = "..."


@dataclass(frozen=True)
class Typed:
    """A command line, what has to come out, and with which exit status."""

    command: str
    expected: list[str]
    status: int


@dataclass(frozen=True)
class Written:
    """A file and its content."""

    path: str
    text: str


def steps(text: str) -> Iterator[Typed | Written]:
    """What a reader of the tutorial does, in order."""
    for block in BLOCK.finditer(text):
        if block["path"]:
            yield Written(block["path"], block["text"])
        elif block["language"] == "console":
            for command in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                yield typed(command)


def typed(text: str) -> Typed:
    """One command of a block, with its further lines and its output."""
    first, *others = text.splitlines()
    more = [line.removeprefix("> ") for line in others if line.startswith("> ")]
    output = [line for line in others if not line.startswith("> ")]
    status = re.fullmatch(r"\[(\d+)\]", output[-1]) if output else None
    return Typed(
        "\n".join([first, *more]), output[:-1] if status else output, int(status[1]) if status else 0
    )


def matches(expected: list[str], lines: list[str]) -> bool:
    """Whether `lines` are the expected ones, with any lines for dots. Spaces at the end do not count."""
    if not expected:
        return not lines
    first, *others = expected
    if first == DOTS:
        return any(matches(others, lines[start:]) for start in range(len(lines) + 1))
    return bool(lines) and lines[0].rstrip() == first.rstrip() and matches(others, lines[1:])


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with a home of its own, and a Python of its own with the blueprint of this checkout."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False, symlinks=True)
    (site,) = environment.glob("lib/python*/site-packages")
    ours = [path for path in sys.path if path.endswith("site-packages")]
    (site / "ours.pth").write_text("\n".join([str(ROOT), *ours]))
    for name, module in (("blueprint", "blueprint"), ("pip", "pip")):
        script = environment / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{environment}/bin/python" -m {module} "$@"\n')
        script.chmod(0o755)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTHON", "MAKE"))
    }
    folder = tmp_path / "home"
    folder.mkdir()
    return {
        **kept,
        "HOME": str(folder),
        "PATH": f"{environment}/bin:{kept['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode"),
    }


def test_the_tutorial_works_word_for_word(home: dict[str, str]) -> None:
    """From nothing to an installed pattern that is recommended, and to a project made from it."""
    here = Path(home["HOME"])
    for step in steps(TUTORIAL.read_text("utf-8")):
        if isinstance(step, Written):
            (here / step.path).parent.mkdir(parents=True, exist_ok=True)
            (here / step.path).write_text(step.text)
            continue
        done = subprocess.run(
            ["bash", "-c", step.command],
            cwd=here,
            env=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == step.status, f"$ {step.command}\n{done.stdout}"
        assert matches(step.expected, done.stdout.splitlines()), f"$ {step.command}\n{done.stdout}"


def test_the_comparison_can_fail() -> None:
    """Else the tutorial could say anything."""
    assert matches(["a", DOTS, "c"], ["a", "b", "b", "c"])
    assert matches([DOTS], [])
    assert not matches(["a"], ["a", "b"])
    assert not matches(["a", DOTS, "c"], ["a", "b"])
    assert not matches([], ["a"])
    assert typed("false\nout\n[1]\n") == Typed("false", ["out"], 1)
    assert typed("cat <<E\n> a\n> E\na\n") == Typed("cat <<E\na\nE", ["a"], 0)


def test_the_tutorial_is_read_whole() -> None:
    """Every block is a file or a console: one that is neither would not be tested."""
    text = TUTORIAL.read_text("utf-8")
    found = [*steps(text)]
    assert text.count("\n```") == 2 * len([*BLOCK.finditer(text)])
    assert {block["language"] for block in BLOCK.finditer(text) if not block["path"]} == {"console"}
    assert sum(isinstance(step, Typed) for step in found) > 15
