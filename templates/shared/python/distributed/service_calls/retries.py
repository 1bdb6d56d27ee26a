"""Retries of failed calls: limited by a budget, with random pauses, never past the deadline."""

import random

from . import deadline
from .errors import CallRejected, OutcomeUnknown, Unavailable

INITIAL_PAUSE = 0.05
"""Seconds. Upper bound of the first pause; it doubles with each retry."""
EARNED_PER_CALL = 0.1
RESERVE = 10.0


class RetryBudget:
    """Limits retries to a tenth of all calls, so that they never multiply the load on a failing provider."""

    def __init__(self) -> None:
        self._left = RESERVE

    def earn(self) -> None:
        """Credit one call to the budget."""
        self._left = min(RESERVE, self._left + EARNED_PER_CALL)

    def spend(self) -> bool:
        """Pay for one retry; return False if the budget is exhausted."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class RetryPolicy:
    """Retry policy of one call, passed to stamina as `on`, which calls it with every failure.

    `saw_unknown` is True once a failure left the outcome unknown.
    """

    def __init__(self, budget: RetryBudget, attempts: int) -> None:
        self._budget = budget
        self._left = attempts - 1
        self._max_pause = INITIAL_PAUSE
        self.saw_unknown = False

    def __call__(self, error: Exception) -> bool | float:
        """Return the pause before the next attempt in seconds, or False for no retry."""
        self.saw_unknown |= isinstance(error, OutcomeUnknown)
        if isinstance(error, CallRejected) or not isinstance(error, Unavailable) or self._left == 0:
            return False
        # Full jitter spreads calls that failed together better than a fixed pause with some noise.
        pause = random.uniform(0, self._max_pause)  # noqa: S311 - not for secrets
        if pause >= deadline.remaining() or not self._budget.spend():
            return False
        self._left -= 1
        self._max_pause *= 2
        return pause
