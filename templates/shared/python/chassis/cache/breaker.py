"""Circuit breaker: skips an optional dependency for a moment after a failure."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


class Breaker:
    """Suppresses the failures of one optional dependency, so that callers rarely wait for its timeouts."""

    def __init__(self, name: str, pause: float = 1.0) -> None:
        """After a failure, stay open for `pause` seconds; then one call probes for all others."""
        self._name = name
        self._pause = pause
        self._failing = False
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls should skip the dependency now."""
        return self._failing and time.monotonic() < self._open_until

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run the block; an exception in it opens the circuit and is suppressed."""
        self._open_until = time.monotonic() + self._pause
        try:
            yield
        except Exception as error:
            if not self._failing:
                log.warning("%s is unavailable; continuing without it: %r", self._name, error)
            self._failing = True
            self._open_until = time.monotonic() + self._pause
        else:
            if self._failing:
                log.warning("%s is available again", self._name)
            self._failing = False
