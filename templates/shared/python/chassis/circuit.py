"""Circuit breaker: while a dependency fails, calls to it are rejected immediately."""

import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

WINDOW = 20
"""Number of recent calls that are considered."""
MIN_CALLS = 5
"""Number of calls below which failures are not significant."""
OPEN_SECONDS = 1.0
"""Seconds before an open circuit admits a probe."""


class CircuitOpen(Exception):
    """The call was not attempted, because the circuit is open."""


class Circuit:
    """Opens when half of the recent calls failed; after a pause, one call probes the dependency."""

    def __init__(self, name: str, failure: type[Exception] = Exception, window: int = WINDOW) -> None:
        """An exception of the type `failure` is a failed call; any other `Exception` is an answer.

        With a `window` of 1, the first failure opens the circuit.
        """
        self._name = name
        self._failure = failure
        self._min_calls = min(MIN_CALLS, window)
        self._failures: deque[bool] = deque(maxlen=window)
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: it rejects all calls but the probe."""
        return self._open_until is not None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run one call in the block; raise `CircuitOpen` instead if the circuit is open.

        A cancelled call does not count.
        """
        probe = self._admit()
        try:
            yield
        except Exception as error:
            self._note(error if isinstance(error, self._failure) else None, probe)
            raise
        else:
            self._note(None, probe)
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        if self._open_until is None:
            return False
        if self._probing or time.monotonic() < self._open_until:
            raise CircuitOpen(self._name)
        self._probing = True
        return True

    def _note(self, failure: Exception | None, probe: bool) -> None:
        if self._open_until is not None and not probe:
            return  # sent before the circuit opened, so outdated
        self._failures.append(failure is not None)
        if failure is not None and self._is_failing():
            if not probe:
                log.warning("Circuit of %s opened, because calls fail: %r", self._name, failure)
            self._open_until = time.monotonic() + OPEN_SECONDS
        elif probe:
            log.warning("Circuit of %s closed: it responds again", self._name)
            self._open_until = None
            self._failures.clear()

    def _is_failing(self) -> bool:
        return len(self._failures) >= self._min_calls and 2 * sum(self._failures) >= len(self._failures)
