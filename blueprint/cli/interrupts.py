"""Signal handling: the first Ctrl-C or `kill` stops the command, and its cleanup runs undisturbed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_received: list[int] = []
"""The signal that stops the command, once there was one."""


class Interrupted(BaseException):
    """A signal asked the command to stop.

    Not an Exception, so that no handler of errors catches it before the main function does.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def install() -> None:
    """Make the first signal raise Interrupted; later signals are ignored, so that cleanup can finish."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def ignore() -> None:
    """Ignore signals until the process ends: the rest is short and must not stop half-way.

    Raises Interrupted if there was a signal: Python drops what is raised in a finalizer, for example.
    """
    _ignore()
    if _received:
        raise Interrupted(_received[0])


@contextmanager
def in_event_loop() -> Iterator[None]:
    """Let signals end an event loop, and raise Interrupted where the block ends.

    asyncio keeps the exceptions of callbacks to itself, except KeyboardInterrupt. typer turns that into
    another exception, so it is not raised elsewhere.
    """
    replaced = [number for number in _SIGNALS if signal.getsignal(number) is _interrupt]
    for number in replaced:
        signal.signal(number, _interrupt_loop)
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise Interrupted(*stopped.args or (signal.SIGINT,)) from None
    finally:
        for number in replaced:
            if signal.getsignal(number) is _interrupt_loop:
                signal.signal(number, _interrupt)


def _interrupt_loop(number: int, _frame: FrameType | None) -> None:
    _receive(number)
    raise KeyboardInterrupt(number)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    _receive(number)
    raise Interrupted(number)


def _receive(number: int) -> None:
    _received.append(number)
    _ignore()


def _ignore() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
