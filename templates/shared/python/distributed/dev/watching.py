"""Watches the code of the services for changes."""

import time
from collections.abc import Iterator
from pathlib import Path

from watchfiles import PythonFilter
from watchfiles import watch as watch_files

from .workspace import LIBRARIES, PROJECT

SECONDS = 0.5


def watch(*, reload: bool) -> Iterator[set[Path]]:
    """Yield twice a second: the Python files that have changed since, or nothing without `reload`."""
    if reload:
        folders = LIBRARIES, PROJECT / "services"
        milliseconds = int(SECONDS * 1000)
        for changes in watch_files(
            *folders,
            watch_filter=PythonFilter(),
            rust_timeout=milliseconds,
            yield_on_timeout=True,
            raise_interrupt=True,
        ):
            yield {Path(path) for _, path in changes}
    while True:
        time.sleep(SECONDS)
        yield set()
