"""Steps of `blueprint pattern preview`."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blueprint.authoring.pairwise import PROJECT
from blueprint.authoring.pattern_location import pattern_location
from blueprint.errors import BlueprintError, UsageError
from blueprint.patterns import check_answers
from blueprint.patterns.loading import PATTERN_FILE
from blueprint.render import render
from blueprint.render.layers import all_files, layer_folder
from blueprint.suggest import did_you_mean

from ...console import Console
from ...inputs import options_from_flags
from ...interrupts import Interrupted
from .result import PreviewResult

SECONDS = 0.3
"""Time between two looks at the files of a pattern."""

Snapshot = dict[Path, tuple[int, int]]
"""Time of the last change in ns, and size in bytes, of each file of a pattern."""


@dataclass(frozen=True)
class PreviewRequest:
    """Parameters of a preview: the pattern, changed answers, and the `file` of the project to show."""

    where: str
    sets: tuple[str, ...]
    file: str | None


def preview_pattern(request: PreviewRequest) -> PreviewResult:
    """Render the pattern of `request`. Raises BlueprintError, also if the file does not exist."""
    pattern = pattern_location(request.where).load()
    answers = check_answers(pattern, PROJECT, options_from_flags(pattern, {}, request.sets))
    tree = render(pattern, answers).tree
    if request.file is not None and request.file not in tree:
        raise UsageError(
            f"the project has no file {request.file}{did_you_mean(request.file, tree)}",
            hint="Without --file, the tree of all files is shown.",
        )
    return PreviewResult(pattern, answers, tree, request.file)


def watch_pattern(request: PreviewRequest, console: Console) -> None:
    """Show the preview, or the error that prevents it, after each change of a file, until Ctrl-C."""
    seen: Snapshot | None = None
    with suppress(Interrupted):
        while True:
            now = _snapshot(request.where)
            if now != seen:
                seen = now
                _show(request, console)
            time.sleep(SECONDS)


def _show(request: PreviewRequest, console: Console) -> None:
    try:
        console.result(preview_pattern(request))
    except BlueprintError as error:
        console.error(error)
    console.line()
    console.flush()


def _snapshot(where: str) -> Snapshot:
    """Look at the files of the pattern. Raises BlueprintError if its location is wrong."""
    found = {}
    for path in (*_sources(where), pattern_location(where).folder / PATTERN_FILE):
        # An editor may replace a file at this moment.
        with suppress(OSError):
            status = path.stat()
            found[path] = status.st_mtime_ns, status.st_size
    return found


def _sources(where: str) -> Iterator[Path]:
    """The files of all layers and of included patterns, as far as they can be found."""
    with suppress(BlueprintError):
        pattern = pattern_location(where).load()
        yield from (included.folder / PATTERN_FILE for included in pattern.included)
        for layer in pattern.layers:
            for source in all_files(layer_folder(pattern, layer)):
                yield source.location
