"""Tests of the HTML page, also in a browser: self-contained, complete, without overlapping labels."""

import json
import os
import re
import shutil
import subprocess
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jinja2 import Environment

from blueprint import __version__
from blueprint.advise.recommend import model_with, recommend
from blueprint.needs.answers import complete
from blueprint.needs.presets import PRESETS, load_preset
from blueprint.report.html.page import to_html
from tests.servers import process
from tests.servers.process import missing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DAY = date(2026, 11, 22)
PROBE = """<script>
const boxes = [];
for (const [n, svg] of document.querySelectorAll("svg").entries())
  for (const text of svg.querySelectorAll("text")) {
    const b = text.getBoundingClientRect();
    const s = svg.getBoundingClientRect();
    boxes.push({svg: n, label: text.textContent, left: b.left, right: b.right, top: b.top,
                bottom: b.bottom,
                out: b.left < s.left - 1 || b.right > s.right + 1
                  || b.top < s.top - 1 || b.bottom > s.bottom + 1});
  }
const wide = document.documentElement.scrollWidth > window.innerWidth;
const loaded = performance.getEntriesByType("resource").map(entry => entry.name);
const probe = document.createElement("script");
probe.type = "application/json";
probe.id = "probe";
probe.textContent = JSON.stringify({boxes, wide, loaded});
document.body.append(probe);
</script>"""


def page(name: str) -> str:
    """Return the page for a preset."""
    model = model_with()
    return to_html(recommend(complete(load_preset(name)), model, today=DAY), model)


def test_the_page_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second page needs no compiler, and its template is not among those of patterns."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = page("cms")
    monkeypatch.setattr(Environment, "compile", None)
    assert page("cms") == first
    assert [file.parent.name for file in tmp_path.rglob("*.cache")] == [f"pages-{__version__}"]


class Tags(HTMLParser):
    """Parser that collects all elements with their attributes, and checks that they are nested correctly."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", PRESETS)
def test_the_page_is_self_contained(name: str) -> None:
    """The page is well-formed, refers to no other resource, and its policy forbids loading any."""
    text = page(name)
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert not {tag for tag, _ in tags.seen} & {
        "script",
        "link",
        "img",
        "iframe",
        "a",
        "use",
        "image",
        "object",
    }
    attributes = {key for _, values in tags.seen for key in values}
    assert not attributes & {"src", "href", "srcset", "xlink:href", "onload", "style"}
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_every_drawing_has_a_label() -> None:
    """The six drawings have labels for screen readers."""
    labels = re.findall(r'<svg [^>]*role="img" aria-label="([^"]+)"', page("marketplace"))
    assert len(labels) == 6


def test_text_from_a_file_cannot_break_the_page() -> None:
    """Markup in the name of a flow is escaped."""
    flow = {"name": "<script>alert(1)</script>", "level": "strong", "modules": ["<b>"]}
    model = model_with()
    text = to_html(recommend(complete({"flows": [flow]}), model, today=DAY), model)
    assert "<script" not in text
    assert "<b>&" not in text


def browser(folder: Path, url: str, *arguments: str) -> str:
    """Return what headless Chromium prints for a page, without any network; skip where it does not start."""
    if CHROMIUM is None:
        missing("chromium is not installed")
    if said := start_failure(CHROMIUM):
        missing(f"chromium does not start: {said}")
    done = run_chromium(CHROMIUM, folder, url, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def start_failure(chromium: str) -> str:
    """Return the last line that Chromium prints when it cannot show an empty page, or nothing if it can."""
    with TemporaryDirectory(prefix="chromium-") as folder:
        done = run_chromium(chromium, Path(folder), "about:blank", "--dump-dom")
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]


def run_chromium(chromium: str, folder: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Chromium once, with its profile in `folder`."""
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-sync --no-first-run "
        "--disable-component-update --disable-default-apps --hide-scrollbars"
    )
    profile = f"--user-data-dir={folder / 'profile'}"
    command = [chromium, *flags.split(), profile, *arguments, url]
    # Chromium creates a socket in TMPDIR: its path is limited to 107 bytes, and pytest's folders are longer.
    with TemporaryDirectory(prefix="chromium-") as scratch:
        env = {**os.environ, "TMPDIR": scratch}
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)


@pytest.mark.parametrize(
    ("required", "outcome"), [(False, pytest.skip.Exception), (True, pytest.fail.Exception)]
)
def test_a_browser_that_does_not_start_skips_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, required: bool, outcome: type[BaseException]
) -> None:
    """A browser that does not start skips the test, or fails it where servers are required."""
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(process, "REQUIRED", required)
    monkeypatch.setattr(f"{__name__}.CHROMIUM", str(fake))
    with pytest.raises(outcome, match=r"chromium does not start: libnss3\.so: cannot open"):
        browser(tmp_path, "about:blank", "--dump-dom")


def overlaps(boxes: list[dict[str, Any]]) -> list[str]:
    """Return the pairs of labels of one drawing that overlap by more than 1 x 4 pixels."""
    found = []
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            if one["svg"] == other["svg"] and across > 1 and down > 4:
                found.append(f"{one['label']} / {other['label']}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["small-shop", "marketplace", "iot-telemetry"])
@pytest.mark.parametrize("width", [1240, 700])
def test_the_page_is_laid_out_correctly_in_a_browser(tmp_path: Path, name: str, width: int) -> None:
    """In a browser the page loads nothing, no label overlaps or is cut off, and nothing scrolls sideways."""
    text = page(name)
    path = tmp_path / "page.html"
    bare = re.sub(r"<meta http-equiv[^>]+>", "", text)
    path.write_text(bare.replace("</body>", f"{PROBE}</body>"))
    dom = browser(tmp_path, path.as_uri(), f"--window-size={width},5000", "--dump-dom")
    found = re.search(r'<script type="application/json" id="probe">(.*?)</script>', dom, re.DOTALL)
    assert found
    seen = json.loads(found[1])
    assert len(seen["boxes"]) > 60
    assert seen["loaded"] == []
    assert not seen["wide"]
    assert overlaps(seen["boxes"]) == []
    assert [box["label"] for box in seen["boxes"] if box["out"]] == []


def test_overlapping_labels_are_detected() -> None:
    """Two overlapping labels are reported if they are in the same drawing."""
    box: dict[str, Any] = {"svg": 0, "label": "a", "left": 0.0, "right": 50.0, "top": 0.0, "bottom": 12.0}
    assert overlaps([box, {**box, "label": "b", "left": 40.0}]) == ["a / b"]
    assert overlaps([box, {**box, "svg": 1}]) == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_screenshot_can_be_taken(tmp_path: Path, mode: str) -> None:
    """The page can be captured in the light and in the dark color scheme."""
    path = tmp_path / "page.html"
    path.write_text(page("growing-shop"))
    shot = tmp_path / f"{mode}.png"
    dark = ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if mode == "dark" else []
    browser(tmp_path, path.as_uri(), "--window-size=1240,2000", f"--screenshot={shot}", *dark)
    assert shot.stat().st_size > 50_000
