"""A small pattern with newer versions, and projects generated from it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.patterns_on_disk import TINY_FILES, tiny, write_files, write_pattern

from .running import Outcome, blueprint

BODY = "".join(f"line {number}\n" for number in range(9))
FILES: dict[str, str | bytes] = {**TINY_FILES, "files/body.txt": BODY, "files/logo.bin": b"\0one"}
NO_FILES: Mapping[str, str | bytes] = MappingProxyType({})


def create_project(here: Path, more: Mapping[str, str | bytes] = NO_FILES) -> Path:
    """Write the pattern to `here`/tiny, create the project `here`/shop from it, and return its folder."""
    write_pattern(here / "tiny", tiny(), {**FILES, **more})
    done = blueprint("new", "shop", "-p", "./tiny", "--yes", cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


def release_version(
    here: Path, files: Mapping[str, str | bytes | None], version: str = "1.3.0", **changes: Any
) -> None:
    """Release a newer version of the pattern in `here`/tiny; None deletes a file."""
    written = {path: content for path, content in files.items() if content is not None}
    write_pattern(here / "tiny", tiny(version=version, **changes), written)
    for path, content in files.items():
        if content is None:
            (here / "tiny" / path).unlink()


def edit(shop: Path, path: str, before: str, after: str) -> None:
    """Replace `before` by `after` in a file, as a user would edit it."""
    content = (shop / path).read_text()
    assert before in content
    write_files(shop, {path: content.replace(before, after, 1)})


def outcomes(done: Outcome) -> dict[str, str]:
    """Return path and outcome of each file that an update with --json reports as changed."""
    files = done.json["files"]
    return {file["path"]: file["outcome"] for file in files if file["outcome"] != "unchanged"}


def content(shop: Path) -> dict[str, bytes]:
    """Return path and content of every file below `shop`, including .blueprint."""
    return {
        str(path.relative_to(shop)): path.read_bytes() for path in sorted(shop.rglob("*")) if path.is_file()
    }
