"""The check of the built site finds what is broken."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.check_site import problems


def site(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a site with a sound start page and `files`."""
    start = '<h1 id="top">Start</h1><a href="#top">top</a><a href="https://example.com">elsewhere</a>'
    for name, text in {"index.html": start, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_sound_site_has_no_problems(tmp_path: Path) -> None:
    """Links to pages, directories, anchors and other hosts are accepted, and so are files that are there."""
    page = (
        '<a href="../index.html#top">start</a><a href="..">start</a><a href="mailto:a@example.com">mail</a>'
        '<img src="a%20b.png"><img src="data:image/png;base64,AA=="><link rel="canonical" href="https://x.example">'
    )
    files = {"guide/page.html": page, "guide/a b.png": "", "_static/s.css": "a{background:url(data:x)}"}
    assert [*problems(site(tmp_path, files))] == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("page.html", '<a href="gone.html">x</a>', "page.html: gone.html does not exist"),
        ("page.html", '<a href="index.html#gone">x</a>', "page.html: index.html#gone has no such anchor"),
        ("page.html", '<a href="#gone">x</a>', "page.html: #gone has no such anchor"),
        ("page.html", '<img src="gone.svg">', "page.html: gone.svg does not exist"),
        (
            "page.html",
            '<script src="https://cdn.example/a.js"></script>',
            "page.html: loads https://cdn.example/a.js",
        ),
        (
            "page.html",
            '<link rel="stylesheet" href="//cdn.example/a.css">',
            "page.html: loads //cdn.example/a.css",
        ),
        ("s.css", "@import 'https://fonts.example/a.css';", "s.css: loads https://fonts.example/a.css"),
        ("s.css", "a{src:url(https://fonts.example/a.woff)}", "s.css: loads https://fonts.example/a.woff"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, name: str, text: str, problem: str) -> None:
    """Each kind of broken link, and each thing loaded from another host, is one problem."""
    assert [*problems(site(tmp_path, {name: text}))] == [problem]


def test_an_empty_site_is_a_problem(tmp_path: Path) -> None:
    """A build that wrote nothing must not pass."""
    assert [*problems(tmp_path)] == [f"{tmp_path}: no pages"]
