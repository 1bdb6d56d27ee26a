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
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment
from jinja2.utils import missing

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


class Undefined(StrictUndefined):
    """Fails wherever it is used, in our own words."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_exception is SecurityError:
            return f"templates may not use {self._undefined_name!r}"
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return f"{self._undefined_name!r} is not defined"
        return f"a value of type {type(self._undefined_obj).__name__} has no {self._undefined_name!r}"


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja environment for templates that nobody has vouched for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            undefined=Undefined,
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
            value._fail_with_undefined_error()
        return value


def explain(error: Exception) -> str:
    """What went wrong in a template or an expression, in our own words.

    Jinja's description of a syntax error, and Python's of a value that does not fit, are quoted after them.
    """
    match error:
        case TemplateNotFound():
            return f"the template {error.name!r} does not exist"
        case TemplateSyntaxError():
            return f"the template's syntax is wrong: {error.message}"
        case LimitExceededError() | UndefinedError():
            return str(error)
        case SecurityError() | OverflowError():
            return f"templates may not do this: {error}"
        case _:
            return f"an expression fails: {type(error).__name__}: {error}"


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
