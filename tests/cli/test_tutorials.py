"""The tutorials and one guide work word for word.

Files are written, commands are typed, and their output is compared.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tools.tutorials import BLOCK, Typed, Written, steps, typed

ROOT = Path(__file__).parent.parent.parent
THREE_SERVICES = ROOT / "docs/how-to/from-one-program-to-three-services.md"
TUTORIALS = [*sorted((ROOT / "docs/tutorial").glob("first-*.md")), THREE_SERVICES]
DOTS = "..."


def matches(expected: list[str], lines: list[str]) -> bool:
    """Return whether `lines` are the expected ones, with any lines for dots. Trailing spaces do not count."""
    if not expected:
        return not lines
    first, *others = expected
    if first == DOTS:
        return any(matches(others, lines[start:]) for start in range(len(lines) + 1))
    return bool(lines) and lines[0].rstrip() == first.rstrip() and matches(others, lines[1:])


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment with an empty home and a separate Python that runs this checkout."""
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
    }


@pytest.mark.slow
@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_works_word_for_word(tutorial: Path, home: dict[str, str]) -> None:
    """Each file can be written, each command can be typed, and each output is the one that is shown."""
    here = Path(home["HOME"])
    for step in steps(tutorial.read_text("utf-8")):
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
    """A comparison that accepts everything would let a tutorial claim anything."""
    assert matches(["a", DOTS, "c"], ["a", "b", "b", "c"])
    assert matches([DOTS], [])
    assert not matches(["a"], ["a", "b"])
    assert not matches(["a", DOTS, "c"], ["a", "b"])
    assert not matches([], ["a"])
    assert typed("false\nout\n[1]\n") == Typed("false", ["out"], 1)
    assert typed("cat <<E\n> a\n> E\na\n") == Typed("cat <<E\na\nE", ["a"], 0)


@pytest.mark.parametrize(
    ("page", "commands", "languages"),
    [
        (TUTORIALS[0], 15, {"console"}),
        (TUTORIALS[1], 9, {"console", "sh"}),
        (THREE_SERVICES, 12, {"console"}),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_a_tutorial_is_read_whole(page: Path, commands: int, languages: set[str]) -> None:
    """A block that is neither a file nor a known language would not be tested."""
    text = page.read_text("utf-8")
    found = [*steps(text)]
    assert text.count("\n```") == 2 * len([*BLOCK.finditer(text)])
    assert {block["language"] for block in BLOCK.finditer(text) if not block["path"]} == languages
    assert sum(isinstance(step, Typed) for step in found) > commands


def test_every_tutorial_is_tested() -> None:
    """The tutorials are found by their names, so a renamed page could be lost."""
    pages = {path.stem for path in (ROOT / "docs/tutorial").glob("*.md")} - {"index"}
    assert {path.stem for path in TUTORIALS[:-1]} == pages == {"first-pattern", "first-shop"}
