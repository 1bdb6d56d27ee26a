"""Jinja for untrusted templates: a sandbox with limits on time, memory and arithmetic, and a cache.

Jinja's sandbox blocks access to Python's internals. `resource_limits` stops templates that would use up the
machine's time or memory. Compiled templates are cached in a folder of the user, and shipped in the wheel.
"""

import os
import resource
import signal
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, lru_cache, partial
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined, compiler
from jinja2.bccache import Bucket
from jinja2.exceptions import (
    SecurityError,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment
from jinja2.utils import missing

from blueprint import __version__
from blueprint.errors import PatternError
from blueprint.user_dirs import cache_home

MAX_SECONDS = 30
"""Time limit for rendering a project, in seconds."""

MAX_MEMORY = 1 << 30
"""Limit on the memory that rendering may use in addition to what the process already has, in bytes."""

MAX_PRODUCT = 1 << 20
"""Maximum size of a product or power: items of a sequence, or bits of a number.

Python computes it in one operation that no signal can interrupt, so the time limit would not stop it.
"""


COMPILED_TEXTS = 1_000
"""Maximum number of texts, and of expressions, that an environment keeps compiled."""


class LimitExceededError(Exception):
    """A template exceeded its time or memory limit."""


class _TimeLimitReached(BaseException):
    """The time limit was reached. Not an Exception, because Jinja's optimizer would swallow that."""


class Undefined(StrictUndefined):
    """Undefined value that raises an error on any use, with our own message."""

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
    """Jinja environment for untrusted templates, which compiles each text and each expression once."""

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
        self.text = lru_cache(COMPILED_TEXTS)(self.from_string)
        compile_expression = partial(self.compile_expression, undefined_to_none=False)
        self._expression = lru_cache(COMPILED_TEXTS)(compile_expression)

    def evaluate(self, expression: str, context: dict[str, Any]) -> Any:
        """Evaluate a Jinja expression such as `cache == 'redis'`. Raises UndefinedError for unknown names."""
        value = self._expression(expression)(**context)
        if isinstance(value, StrictUndefined):
            value._fail_with_undefined_error()
        return value

    def value(self, name: str, text: str, context: dict[str, Any]) -> Any:
        """Return the value `name` of a pattern: `text` is an expression, or a template that sets `name`."""
        if not is_template(text):
            return self.evaluate(text, context)
        exported = vars(self.text(text).make_module(context))
        if name not in exported:
            raise UndefinedError(f"the template sets no {name!r}")
        return exported[name]


@cache
def shared_sandbox() -> Sandbox:
    """Return the environment of texts that belong to no rendering, such as the validators of options."""
    return Sandbox()


def is_template(value: str) -> bool:
    """Return whether a value of a pattern is a template instead of an expression: it has statements."""
    return "{%" in value


def explain(error: Exception) -> str:
    """Describe an error in a template or an expression.

    It quotes Jinja's description of a syntax error, and Python's description of an invalid value.
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


def render_text(template: str, names: Mapping[str, Any], place: str) -> str:
    """Render `template`, which is at `place` in a pattern, with `names`. Raises PatternError."""
    with _reported(place):
        return shared_sandbox().text(template).render(names)


def condition_is_true(condition: str, names: Mapping[str, Any], place: str) -> bool:
    """Return whether `condition`, at `place` in a pattern, is true for `names`. Raises PatternError."""
    with _reported(place):
        return bool(shared_sandbox().evaluate(condition, dict(names)))


@contextmanager
def _reported(place: str) -> Iterator[None]:
    try:
        with resource_limits():
            yield
    except (TemplateError, LimitExceededError, TypeError, ValueError, ArithmeticError) as error:
        raise PatternError(f"{place}: {explain(error)}") from error


def limit_arithmetic(environment: SandboxedEnvironment) -> None:
    """Reject products and powers larger than MAX_PRODUCT in `environment`."""

    def call_binop(_context: Any, operator: str, left: Any, right: Any) -> Any:
        if _largest_result(operator, left, right) > MAX_PRODUCT:
            raise SecurityError(f"the result of {operator} would be too large")
        return environment.binop_table[operator](left, right)

    environment.intercepted_binops = frozenset({"*", "**"})
    environment.__dict__["call_binop"] = call_binop


def _largest_result(operator: str, left: Any, right: Any) -> int:
    """Return an upper bound for the bits or items of `left operator right`, or 0 for other operands."""
    if isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length()
        return bits * max(right, 0) if operator == "**" else bits + right.bit_length()
    sequence, times = (right, left) if isinstance(left, int) else (left, right)
    if isinstance(sequence, str | list | tuple) and isinstance(times, int):
        return len(sequence) * times
    return 0


@contextmanager
def resource_limits() -> Iterator[None]:
    """Limit the block to MAX_SECONDS of wall time and MAX_MEMORY bytes of additional memory.

    Raises LimitExceededError. Time is limited only in the main thread, where Python handles signals.
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
    already_limited = signal.getitimer(signal.ITIMER_REAL)[0] > 0
    if already_limited or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeLimitReached

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def _memory_limit() -> Iterator[None]:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = min(each for each in (used + MAX_MEMORY, soft, hard) if each != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


class _ContentAddressedCache(FileSystemBytecodeCache):
    """Bytecode cache that finds templates by their content.

    Jinja's cache finds them by path, but a new version of a pattern has the same files at another path.
    """

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        checksum = self.get_source_checksum(source)
        bucket = Bucket(environment, self.get_cache_key(name, checksum), checksum)
        self.load_bytecode(bucket)
        if bucket.code is None:
            bucket.code = _shipped_code(bucket.key)
        if bucket.code and filename:
            # The cached code names the file that it was compiled from; errors must name this one.
            bucket.code = bucket.code.replace(co_filename=filename)
        return bucket

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write through a file that only this process uses, which is faster than Jinja's temporary file.

        If it cannot be written, the template is compiled again next time.
        """
        target = os.path.join(self.directory, self.pattern % (bucket.key,))
        draft = f"{target}.{os.getpid()}"
        try:
            with open(draft, "wb") as file:
                bucket.write_bytecode(file)
            os.replace(draft, target)
        except OSError:
            with suppress(OSError):
                os.unlink(draft)


COMPILED = Path(__file__).parent / "_compiled"
"""Folder in the wheel with templates of the built-in patterns as Python modules, which pip compiles.

They only save time. A checkout has none.
"""


def compiled_path(key: str) -> str:
    """Return the path below COMPILED of the module of a template, by its key in the bytecode cache.

    It contains the hash of Jinja's compiler: the modules of another one could mean something else.
    """
    return f"{_compiler_id()}/t{key}.py"


@cache
def _compiler_id() -> str:
    return sha256(Path(compiler.__file__).read_bytes()).hexdigest()[:16]


def _shipped_code(key: str) -> CodeType | None:
    path = COMPILED / compiled_path(key)
    return SourceFileLoader(path.stem, str(path)).get_code(path.stem) if path.is_file() else None


def bytecode_cache(kind: str) -> FileSystemBytecodeCache | None:
    """Return a cache in a folder that only this user can access, or None if there is no such folder.

    Cached bytecode is executed, so nobody else may be able to change it. Templates that environments with
    different settings compile are of a different `kind`.
    """
    try:
        folder = cache_home() / f"{kind}-{__version__}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return None
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return _ContentAddressedCache(str(folder)) if private and status.st_uid == os.getuid() else None
