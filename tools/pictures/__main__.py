"""Make every picture of the documentation again: `python -m tools.pictures`, or with the names of some.

Needs Chromium for the pictures of pages. The commands run in a temporary home directory.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.tutorials import Written, steps

from .browser import photograph
from .screen import ENTER
from .session import Run, Session
from .svg import recording, still

IMAGES = Path(__file__).parents[2] / "docs/images"
TUTORIAL = Path(__file__).parents[2] / "docs/tutorial/first-pattern.md"
COLUMNS, NARROW = 100, 60
CUT = "..."
UNNEEDED = ("blueprint new", "blueprint pattern check", "blueprint pattern test", "make")
"""Commands of the tutorial that its pattern does not depend on."""
SCORES = '<div class="pair">'
"""What only the section with the scores has."""


def main() -> None:
    """Make the pictures that are named on the command line, or all of them."""
    for name in sys.argv[1:] or PICTURES:
        with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
            PICTURES[name](Path(folder))
        print(f"docs/images/{name}")


def recommend(home: Path) -> None:
    """Draw a recommendation, down to what would change it."""
    run = Session(home, COLUMNS).run("blueprint recommend --preset marketplace --yes")
    _write("recommend.svg", still(_typed(run, until="Components"), COLUMNS, "A recommendation as tables"))


def new(home: Path) -> None:
    """Draw the questions of `blueprint new`, and what it does with the answers."""
    _introduce(home)
    asked = (
        "Which pattern",
        "written in?",
        "Which database",
        "Which cache",
        "accounts?",
        "balancer",
        "Kubernetes?",
        "JSON logs?",
    )
    answers = [*[(question, ENTER) for question in asked], ("Create this project?", ENTER)]
    lines = _typed(Session(home, COLUMNS).run("blueprint new my-shop", answers))
    question, tree, deploy, summary = (
        _index(lines, words) for words in ("Which cache", "~/my-shop", "observability/", "Would create")
    )
    shown = [*lines[:question], CUT, "", *lines[tree : deploy + 1], CUT, "", *lines[summary:]]
    _write("new.svg", still(shown, COLUMNS, "The questions of blueprint new"))


def conflict(home: Path) -> None:
    """Draw an update that meets an edit of the same line."""
    session = Session(home, COLUMNS)
    file = "my-shop/deploy/kubernetes/base/autoscaler.yaml"
    session.run("blueprint new my-shop --yes")
    runs = [
        session.run(f"sed -i 's/maxReplicas: 6/maxReplicas: 8/' {file}"),
        session.run("blueprint update my-shop --set max_replicas=12 --set cache=memcached"),
        session.run("echo $?"),
        session.run(f"grep -A 6 '<<<<<<<' {file}"),
    ]
    runs[2] = Run(runs[2].command, ("8",))
    lines = [line for run in runs for line in (*_typed(run), "")]
    _write("update-conflict.svg", still(lines[:-1], COLUMNS, "An update with a conflict"))


def recommend_new(home: Path) -> None:
    """Record a recommendation, and the project that is made from it."""
    _record("recommend-new.svg", home, COLUMNS)


def recommend_new_narrow(home: Path) -> None:
    """Record the same at a narrow terminal."""
    _record("recommend-new-narrow.svg", home, NARROW)


def _record(name: str, home: Path, columns: int) -> None:
    _introduce(home)
    answers = [
        ("optional questions as well?", ENTER),
        ("with this pattern and these sizes?", ENTER),
        ("Project name", f"my-shop{ENTER}"),
        ("Create this project?", ENTER),
    ]
    lines = _typed(Session(home, columns).run("blueprint recommend --preset small-shop", answers))
    _write(name, recording(lines, columns, 34, "A recommendation and a project made from it"))


def _introduce(home: Path) -> None:
    """Tell git who the user is."""
    (home / ".gitconfig").write_text("[user]\nname = Ada Example\nemail = ada@example.com\n")


def report(home: Path) -> None:
    """Photograph the upper part of the HTML report."""
    Session(home, COLUMNS).run("blueprint recommend --preset marketplace --yes --html report.html")
    photograph((home / "report.html").as_uri(), IMAGES / "report.png", 1180, 1560)


def tutorial(home: Path) -> None:
    """Photograph the scores of the pattern that the tutorial writes."""
    session = Session(home, COLUMNS)
    for step in steps(TUTORIAL.read_text("utf-8")):
        if isinstance(step, Written):
            (home / step.path).parent.mkdir(parents=True, exist_ok=True)
            (home / step.path).write_text(step.text)
        elif step.command.startswith("blueprint recommend"):
            session.run(f"{step.command} --html page.html")
            break
        elif not step.command.startswith(UNNEEDED):
            session.run(step.command)
    page = home / "page.html"
    page.write_text(_only(page.read_text("utf-8"), SCORES), "utf-8")
    photograph(page.as_uri(), IMAGES / "tutorial.png", 1080, 780)


PICTURES: dict[str, Callable[[Path], None]] = {
    "recommend.svg": recommend,
    "new.svg": new,
    "update-conflict.svg": conflict,
    "recommend-new.svg": recommend_new,
    "recommend-new-narrow.svg": recommend_new_narrow,
    "report.png": report,
    "tutorial.png": tutorial,
}


def _typed(run: Run, until: str = "") -> list[str]:
    """Return a command and its output as a terminal shows them, up to a line that starts with `until`."""
    lines = [f"$ {run.command}", *run.lines]
    return lines[: _index(lines, until)] if until else lines


def _index(lines: Sequence[str], words: str) -> int:
    """Return the first line that has `words`."""
    return next(row for row, line in enumerate(lines) if words in line)


def _only(page: str, drawing: str) -> str:
    """Return the page with nothing in its body but the section that has `drawing`."""
    sections = re.findall(r"<section.*?</section>", page, re.DOTALL)
    section = next(section for section in sections if drawing in section)
    return f"{page[: page.index('<main>')]}<main>{section}</main></body></html>"


def _write(name: str, picture: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / name).write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
