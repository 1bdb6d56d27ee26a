"""Check a built documentation site: `python -m tools.check_site DIRECTORY`.

Every link to a page, an anchor or an image of the site must exist, and no page may load anything from
another host. Links that a reader follows to other hosts are not visited.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"img": "src", "script": "src", "link": "href", "source": "src", "iframe": "src", "object": "data"}
"""Elements that load something when the page is shown, and the attribute that says what."""
UNLOADED_LINKS = {"canonical", "next", "prev", "index", "search", "author", "copyright"}
"""Relations of `link` elements that load nothing."""
STYLE_URL = re.compile(r"""url\(\s*['"]?(?P<url>[^'")]+)|@import\s+['"](?P<sheet>[^'"]+)""")


@dataclass
class _Page(HTMLParser):
    """The links, the loaded files and the anchors of a page."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element links to, loads and names."""
        values = {name: value for name, value in attrs if value is not None}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        url = values.get(LOADED.get(tag, ""))
        if url and not (tag == "link" and UNLOADED_LINKS & {*values.get("rel", "").split()}):
            self.loaded.append(url)


def main() -> int:
    """Print every problem of the site, and return 1 if there is one."""
    site = Path(sys.argv[1]).resolve()
    found = [*problems(site)]
    print(*found or [f"{site.name}: every link, anchor and image exists"], sep="\n")
    return bool(found)


def problems(site: Path) -> Iterator[str]:
    """Yield every problem of the site as `file: what is wrong`."""
    # A theme may leave its own templates in _static.
    pages = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    if not pages:
        yield f"{site}: no pages"
    for path in pages:
        page = _read(path)
        wrong = [_broken(path, url) for url in [*page.links, *page.loaded] if _is_internal(url)]
        wrong += [f"loads {url}" for url in page.loaded if urlsplit(url).netloc]
        yield from (f"{path.relative_to(site)}: {problem}" for problem in wrong if problem)
    for path in sorted(site.rglob("*.css")):
        urls = (match["url"] or match["sheet"] for match in STYLE_URL.finditer(path.read_text("utf-8")))
        yield from (f"{path.relative_to(site)}: loads {url}" for url in urls if urlsplit(url).netloc)


def _broken(page: Path, url: str) -> str:
    """Return what is wrong with a link from `page`, or nothing."""
    parts = urlsplit(url)
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return f"{url} does not exist"
    anchor = unquote(parts.fragment)
    if anchor and target.suffix == ".html" and anchor not in _read(target).anchors:
        return f"{url} has no such anchor"
    return ""


def _is_internal(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc


@cache
def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    return page


if __name__ == "__main__":
    sys.exit(main())
