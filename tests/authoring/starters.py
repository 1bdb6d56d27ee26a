"""The starter pattern on disk, with planted faults."""

from collections.abc import Mapping
from pathlib import Path

from blueprint.authoring.check import CheckReport, check_pattern
from blueprint.authoring.pattern_location import pattern_location
from blueprint.authoring.scaffold import scaffold_pattern
from tests.patterns_on_disk import write_files

NO_FILES: Mapping[str, str | bytes] = {}


def write_starter(
    folder: Path, *edits: tuple[str, str, str], files: Mapping[str, str | bytes] = NO_FILES
) -> Path:
    """Write the starter to `folder`, with edits (file, old text, new text) and additional files."""
    write_files(folder, {path: file.content for path, file in scaffold_pattern("functions").items()})
    for path, old, new in edits:
        text = (folder / path).read_text()
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {path}"
        (folder / path).write_text(text.replace(old, new))
    write_files(folder, files)
    return folder


def check(folder: Path) -> CheckReport:
    """Check the pattern in `folder`."""
    return check_pattern(pattern_location(str(folder)))
