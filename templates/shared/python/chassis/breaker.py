"""A circuit breaker: after a failure, a dependency that we can do without is left alone for a moment."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


class Breaker:
    """Swallows the failures of one optional dependency, so that waiting for its time-outs stays rare."""

    def __init__(self, name: str, pause: float = 1.0) -> None:
        """After a failure, stay open for `pause` seconds; then one call tries, for all others."""
        self._name = name
        self._pause = pause
        self._failing = False
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the dependency should be left alone now."""
        return self._failing and time.monotonic() < self._open_until

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run the block; any error in it opens the circuit and ends here."""
        self._open_until = time.monotonic() + self._pause
        try:
            yield
        except Exception as error:
            if not self._failing:
                log.warning("%s does not answer, going on without it: %r", self._name, error)
            self._failing = True
            self._open_until = time.monotonic() + self._pause
        else:
            if self._failing:
                log.warning("%s answers again", self._name)
            self._failing = False
