"""The one place where the code of a pattern runs: Jinja, sandboxed and bounded.

Jinja's sandbox refuses the way out (attributes that lead to Python's internals); `resource_limits` refuses
the way down (a template that would take all the time or all the memory of the machine).
"""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

MAX_SECONDS = 30
"""The longest that the templates of one project may take, in seconds."""

MAX_MEMORY = 1 << 30
"""The most memory that rendering may take on top of what the process has already, in bytes."""

MAX_PRODUCT = 1 << 20
"""The longest product or power: items of a sequence, or bits of a number. The arithmetic of huge numbers is
one long machine operation, and no signal interrupts it."""


class LimitExceededError(Exception):
    """A template took more time or memory than it may."""


class _TimeLimitReached(BaseException):
    """Time is up. No `except Exception` on the way, as in Jinja's optimizer, may swallow this."""


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja environment for templates that nobody has vouched for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
            **options,
        )
        del self.globals["lipsum"]
        limit_arithmetic(self)

    def evaluate(self, expression: str, context: dict[str, Any]) -> Any:
        """The value of a Jinja expression such as `cache == 'redis'`; an undefined name is an error."""
        value = self.compile_expression(expression, undefined_to_none=False)(**context)
        if isinstance(value, StrictUndefined):
            raise UndefinedError(f"{expression} is undefined")
        return value


def limit_arithmetic(environment: SandboxedEnvironment) -> None:
    """Refuse products and powers in `environment` that are longer than MAX_PRODUCT."""

    def call_binop(_context: Any, operator: str, left: Any, right: Any) -> Any:
        if _length_of_product(operator, left, right) > MAX_PRODUCT:
            raise SecurityError(f"the result of {operator} would be too large")
        return environment.binop_table[operator](left, right)

    environment.intercepted_binops = frozenset({"*", "**"})
    environment.__dict__["call_binop"] = call_binop


def _length_of_product(operator: str, left: Any, right: Any) -> int:
    """The bits or items of `left operator right`, from above; 0 where it cannot be long."""
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length()
        return bits * max(right, 0) if operator == "**" else bits + right.bit_length()
    sequence, times = (right, left) if isinstance(left, int) else (left, right)
    if isinstance(sequence, str | list | tuple) and isinstance(times, int):
        return len(sequence) * times
    return 0


@contextmanager
def resource_limits() -> Iterator[None]:
    """Let the block take at most MAX_SECONDS of wall time and MAX_MEMORY bytes more than now.

    Raises LimitExceededError. Time is limited in the main thread only, because only there Python handles
    signals.
    """
    try:
        with _time_limit(), _memory_limit():
            yield
    except MemoryError as error:
        raise LimitExceededError(f"takes more than {MAX_MEMORY >> 20} MiB of memory") from error
    except _TimeLimitReached as error:
        raise LimitExceededError(f"takes longer than {MAX_SECONDS} s") from error


@contextmanager
def _time_limit() -> Iterator[None]:
    outer_limit_holds = signal.getitimer(signal.ITIMER_REAL)[0] > 0
    if outer_limit_holds or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeLimitReached

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory_limit() -> Iterator[None]:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            now = int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    unlimited = resource.RLIM_INFINITY
    ceiling = min(limit for limit in (now + MAX_MEMORY, soft, hard, 1 << 62) if limit != unlimited)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
