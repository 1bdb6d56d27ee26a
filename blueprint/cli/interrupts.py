"""Ctrl-C and `kill`: stop where we are, once, and let what was begun be undone."""

import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The user or the system asked us to stop. Not an Exception: only the main function ends it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def install() -> None:
    """From now on the first signal raises Interrupted; later ones do not disturb the cleaning up."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def ignore() -> None:
    """From now on nothing interrupts: what is left to do is short and must be done whole."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    ignore()
    raise Interrupted(number)
