"""Circuit breaker: while a provider fails, calls to it are rejected immediately."""

import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import CallRejected, Unavailable

log = logging.getLogger(__name__)

WINDOW = 20
"""Number of recent calls that are considered."""
MIN_CALLS = 5
"""Number of calls below which failures are not significant."""
OPEN_SECONDS = 2.0
"""Seconds before an open circuit admits a probe."""


class Circuit:
    """Opens when half of the recent calls failed; after a pause, one call probes the provider."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._failures: deque[bool] = deque(maxlen=WINDOW)
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: it rejects all calls but the probe."""
        return self._open_until is not None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run one call in the block; raise `CallRejected` instead if the circuit is open.

        `Unavailable` counts as a failure. Any other `Exception` is an answer and counts as a success. A
        cancelled call does not count.
        """
        probe = self._admit()
        try:
            yield
        except Unavailable:
            self._note(failed=True, probe=probe)
            raise
        except Exception:
            self._note(failed=False, probe=probe)
            raise
        else:
            self._note(failed=False, probe=probe)
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        if self._open_until is None:
            return False
        if self._probing or time.monotonic() < self._open_until:
            raise CallRejected(self._service)
        self._probing = True
        return True

    def _note(self, *, failed: bool, probe: bool) -> None:
        if self._open_until is not None and not probe:
            return  # sent before the circuit opened, so outdated
        self._failures.append(failed)
        if failed and self._is_failing():
            if not probe:
                log.warning("Circuit of %s opened: too many calls failed", self._service)
            self._open_until = time.monotonic() + OPEN_SECONDS
        elif probe:
            log.warning("Circuit of %s closed: the service responds again", self._service)
            self._open_until = None
            self._failures.clear()

    def _is_failing(self) -> bool:
        return len(self._failures) >= MIN_CALLS and 2 * sum(self._failures) >= len(self._failures)
