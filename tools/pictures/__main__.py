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
from .session import Run, Session
from .svg import recording, still

IMAGES = Path(__file__).parents[2] / "docs/images"
TUTORIAL = Path(__file__).parents[2] / "docs/tutorial/first-pattern.md"
COLUMNS = 100
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
    lines = _typed(Session(home, COLUMNS).run("blueprint new my-shop", [""] * 8))
    question = _index(lines, "[postgresql]") + 2
    tree, deploy, source = (_index(lines, words) for words in ("~/my-shop", "observability/", "src/"))
    cut = ["", CUT, ""]
    shown = [*lines[:question], CUT, "", *lines[tree : deploy + 1], CUT, *lines[source : source + 13], *cut]
    _write("new.svg", still([*shown, *lines[-7:]], COLUMNS, "The questions of blueprint new"))


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
    session = Session(home, COLUMNS)
    runs = [
        session.run("blueprint recommend --preset small-shop --yes --save needs.yaml"),
        session.run("blueprint new my-shop --needs needs.yaml --yes"),
    ]
    lines = [line for run in runs for line in (*_typed(run), "")]
    _write("recommend-new.svg", recording(lines, COLUMNS, 34, "A recommendation and a project made from it"))


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
