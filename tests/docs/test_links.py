"""Relative links between Markdown files of the repository lead somewhere, also without a built site."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<path>[^)\s#:]*)(?:#(?P<anchor>[^)\s]*))?\)")


def anchors(page: Path) -> set[str]:
    """Return the anchors that a Markdown viewer gives the headings of a page."""
    headings = re.findall(
        r"^#+ (.*)$", CODE.sub(lambda code: code[0].strip("`"), page.read_text("utf-8")), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    found = []
    for link in LINK.finditer(CODE.sub("", page.read_text("utf-8"))):
        target = (page.parent / link["path"]).resolve() if link["path"] else page
        if not target.exists() or (link["anchor"] and link["anchor"] not in anchors(target)):
            found.append(link[0])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every file and every heading that a page links to exists."""
    assert broken(page) == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    """A missing file and a missing heading are reported; code is not read."""
    page = tmp_path / "page.md"
    page.write_text("# A page's `title`\n[a](gone.md) [b](#gone) [c](#a-pages-title) `[d](gone.md)`\n")
    assert broken(page) == ["](gone.md)", "](#gone)"]
