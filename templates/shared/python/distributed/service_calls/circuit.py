"""A circuit breaker for a peer that we cannot do without: while it is ill, calls fail at once."""

import logging
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import CallRejected, Unavailable

log = logging.getLogger(__name__)

WINDOW = 20
"""How many of the last calls count."""
MIN_CALLS = 5
"""How many calls there must be before their failures mean anything."""
OPEN_SECONDS = 2.0
"""Seconds for which an open circuit lets nobody try."""


class Circuit:
    """Opens when half of the last calls failed; after a pause one call tries for all others."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._failures: deque[bool] = deque(maxlen=WINDOW)
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls fail at once, but for one that tries."""
        return self._open_until is not None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run one call in the block; raise `CallRejected` instead while the circuit is open.

        `Unavailable` is a failure. Any other `Exception` is an answer, hence a success. A call that was
        cancelled tells nothing.
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
            return  # sent before the circuit opened: old news
        self._failures.append(failed)
        if failed and self._is_failing():
            if not probe:
                log.warning("%s fails too often, leaving it alone", self._service)
            self._open_until = time.monotonic() + OPEN_SECONDS
        elif probe:
            log.warning("%s answers again", self._service)
            self._open_until = None
            self._failures.clear()

    def _is_failing(self) -> bool:
        return len(self._failures) >= MIN_CALLS and 2 * sum(self._failures) >= len(self._failures)
