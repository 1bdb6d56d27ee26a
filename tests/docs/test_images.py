"""The pictures of the documentation are up to date as far as that is cheap to check, and stand alone."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tools.diagrams import DRAWINGS, IMAGES
from tools.pictures.svg import recording, still

PICTURES = sorted(IMAGES.glob("*.svg"))


@pytest.mark.parametrize("name", DRAWINGS)
def test_diagrams_are_up_to_date(name: str) -> None:
    """Run `python -m tools.diagrams` after a change of tools/diagrams.py."""
    assert (IMAGES / name).read_text("utf-8") == DRAWINGS[name]().svg()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_pictures_load_nothing(picture: Path) -> None:
    """A picture with a web font or a script would need the network when it is viewed."""
    text = picture.read_text("utf-8")
    assert {*re.findall(r"https?://[^\"'<> )]+", text)} <= {
        "http://www.w3.org/2000/svg",
        "http://127.0.0.1:8000",
    }
    assert "<script" not in text
    assert "@import" not in text


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_pictures_have_a_label(picture: Path) -> None:
    """Readers who cannot see a picture hear its label."""
    root = ElementTree.parse(picture).getroot()  # noqa: S314 - our own file
    assert root.get("role") == "img"
    assert root.get("aria-label")


def test_a_terminal_shows_text_as_it_is() -> None:
    """Markup in the output is escaped, long lines are wrapped, and columns start where they start."""
    picture = still(["$ cat <a>", "one    two", "x" * 25], 20, "label")
    assert ">cat &lt;a&gt;<" in picture
    assert re.findall(r">(one|two|x+)<", picture) == ["one", "two", "x" * 20, "x" * 5]
    starts = {word: float(x) for x, word in re.findall(r'<text x="([\d.]+)"[^>]*>(one|two)<', picture)}
    assert starts["two"] > starts["one"] + 50


def test_a_recording_ends_with_the_last_lines() -> None:
    """More lines than rows scroll, and readers who prefer no motion see the end."""
    short, long = (recording([f"line {row}" for row in range(count)], 20, 10, "label") for count in (10, 14))
    assert "translateY(-" not in short.replace("translateY(-0px)", "")
    assert long.count("translateY(-72px)") >= 2
    assert "prefers-reduced-motion" in long
