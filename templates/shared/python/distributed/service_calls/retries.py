"""When a call that failed is tried again: seldom, after a random pause, and never past the deadline."""

import random

from . import deadline
from .errors import CallRejected, OutcomeUnknown, Unavailable

INITIAL_PAUSE = 0.05
"""Seconds. The longest first pause; it doubles with each retry."""
EARNED_PER_CALL = 0.1
RESERVE = 10.0


class RetryBudget:
    """Lets a tenth of all calls be retries, so that retries never multiply the load on an ill peer."""

    def __init__(self) -> None:
        self._left = RESERVE

    def earn(self) -> None:
        """Note a call."""
        self._left = min(RESERVE, self._left + EARNED_PER_CALL)

    def spend(self) -> bool:
        """Take what one retry costs; False if there is not enough."""
        if self._left < 1:
            return False
        self._left -= 1
        return True


class RetryPolicy:
    """Decides over the retries of one call; used as the `on` of stamina, it hears of every failure.

    `saw_unknown` tells whether one of them left open what happened.
    """

    def __init__(self, budget: RetryBudget, attempts: int) -> None:
        self._budget = budget
        self._left = attempts - 1
        self._max_pause = INITIAL_PAUSE
        self.saw_unknown = False

    def __call__(self, error: Exception) -> bool | float:
        """Return the pause before the next attempt in seconds (full jitter), or False for none."""
        self.saw_unknown |= isinstance(error, OutcomeUnknown)
        if isinstance(error, CallRejected) or not isinstance(error, Unavailable) or self._left == 0:
            return False
        # Full jitter spreads those who failed together better than any pause plus a little noise.
        pause = random.uniform(0, self._max_pause)  # noqa: S311 - not for secrets
        if pause >= deadline.remaining() or not self._budget.spend():
            return False
        self._left -= 1
        self._max_pause *= 2
        return pause
