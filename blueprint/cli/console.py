"""Console: the only module that prints output or asks questions."""

import json as json_module
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from getpass import getpass
from io import TextIOWrapper
from shutil import get_terminal_size
from textwrap import wrap
from threading import Event, Thread
from typing import Any, Protocol, TypedDict, TypeVar

from blueprint.errors import AnswersError, BlueprintError, ExitStatus

from .interrupts import Interrupted
from .question import BACK, MORE, GoBack, Question

T = TypeVar("T")

SPINNER_DELAY = 1.0
"""Seconds that a task may take before a spinner appears."""

TREE_FILES = 30
"""Largest number of files that a tree lists one by one; beyond it, folders show their file counts."""

TREE_DEPTH = 3
"""Levels of folders that such a summarized tree shows."""

TREE_WIDTH = 10_000
"""Columns at which a tree's lines are cut: more than a path has. The terminal wraps them instead."""

NARROW = 60
"""Columns below which questions are plain text, because choices would not fit into lines."""

WIDE = 100
"""Columns after which the text of a question is wrapped even on a wider terminal."""

_COLOR = re.compile(r"(\x1b\[[0-9;]*m)")
_YES = {"y", "yes", "true", "on"}
_NO = {"n", "no", "false", "off"}


class ErrorOutput(TypedDict):
    """An error: a stable `code`, what is wrong, what to do, and the exit status."""

    code: str
    message: str
    hint: str
    exit_code: int


class FailureOutput(TypedDict):
    """Output of a command that failed."""

    error: ErrorOutput


class Result(Protocol):
    """Result of a command, printed as text or as JSON."""

    def as_json(self) -> Mapping[str, Any]:
        """Return the complete result for programs."""
        ...

    def describe(self, console: "Console") -> None:
        """Print the result for people."""
        ...


class Console:
    """Prints text for people, or exactly one JSON object for programs."""

    def __init__(self, *, json: bool = False) -> None:
        self._json = json
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")

    @property
    def can_ask(self) -> bool:
        """Whether a user is there to answer: both streams are terminals, and the output is not JSON."""
        return not self._json and sys.stdin.isatty() and sys.stdout.isatty()

    def result(self, result: Result) -> None:
        """Print the result of the command."""
        if self._json:
            self._print_json(result.as_json())
        else:
            result.describe(self)

    def error(self, error: BlueprintError) -> ExitStatus:
        """Print an error with its hint, and return the exit status."""
        self._failure(error_as_json(error))
        return error.status

    def interrupted(self, status: int) -> int:
        """Print that a signal stopped the command, and return the exit status."""
        message = "stopped before anything was written"
        self._failure({"code": "interrupted", "message": message, "hint": "", "exit_code": status})
        return status

    def flush(self) -> None:
        """Flush the output. Raises BrokenPipeError if its reader has closed the pipe."""
        sys.stdout.flush()

    def broken_pipe(self) -> ExitStatus:
        """Discard further output, and return the exit status.

        Without this, Python would report the closed pipe again when it flushes on exit.
        """
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.FAULT

    def line(self, text: str = "") -> None:
        """Print text; characters that could control a terminal are shown as escapes."""
        print(shown(text))

    @property
    def colors(self) -> bool:
        """Whether the output can have colors: it is a terminal that has them, and the user wants them."""
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and _controls_cursor()

    def paged(self, text: str) -> None:
        """Print text with colors, at a terminal through the user's pager."""
        if text and self.can_ask and _controls_cursor():
            from .pager import page

            self.flush()
            if page(text):
                return
        if text:
            self.styled(text)

    def styled(self, text: str) -> None:
        """Print text with colors; control characters that are not colors are shown as escapes."""
        print("".join(part if _COLOR.fullmatch(part) else shown(part) for part in _COLOR.split(text)))

    def warning(self, text: str) -> None:
        """Print a warning for people before the work begins; a program reads the same in the result."""
        if not self._json:
            self.line(f"Warning: {text}")

    def message(self, text: str) -> None:
        """Print a message of a pattern, if there is one, for people; a program reads it in the result."""
        if text and not self._json:
            self.line(text)
            self.line()

    def code(self, title: str, text: str) -> None:
        """Print code that would run, with each line marked so that it cannot pass for our own output."""
        self.line(f"--- {title}")
        for line in text.splitlines():
            self.line(f"  | {line}")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows with their columns aligned below `head`."""
        lines = [[cell.upper() for cell in head], *rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            self.line("  ".join(map(str.ljust, line, widths)).rstrip())

    def tree(self, root: str, paths: Sequence[str]) -> None:
        """Print `paths` as a tree below `root`; a tree of many files shows the file count of each folder."""
        from rich.console import Console as RichConsole
        from rich.text import Text
        from rich.tree import Tree

        summarized = len(paths) > TREE_FILES
        file_counts = Counter(folder for path in paths for folder in _folders(path))
        top = Tree(Text(shown(root)))
        nodes = {"": top}
        for path in sorted(paths, key=lambda path: ("/" not in path, path)):
            parent = ""
            for folder in _folders(path)[: TREE_DEPTH if summarized else None]:
                if folder not in nodes:
                    count = f"  {pluralize(file_counts[folder], 'file')}" if summarized else ""
                    nodes[folder] = nodes[parent].add(Text(shown(folder.removeprefix(parent)) + count))
                parent = folder
            if not (parent and summarized):
                nodes[parent].add(Text(shown(path.removeprefix(parent))))
        RichConsole(width=TREE_WIDTH, soft_wrap=True).print(top)

    def ask(self, question: Question[T], *, place: str = "", back: bool = False) -> T:
        """Ask until the question's parser accepts the answer; an empty answer means the default.

        `place` says which of several questions it is. Raises GoBack if the user asks for that and it is
        allowed (`back`), and Interrupted on Ctrl-C and Ctrl-D.
        """
        drawn = self._draws
        self.line()
        self._paragraph(f"{place}{question.text}")
        for text in question.help:
            self._paragraph(text, indent="  ")
        if any(question.choices.values()) and not (drawn and _fit_into_lines(question.choices)):
            for number, (value, text) in enumerate(question.choices.items(), start=1):
                described = f"{value}: {text}" if text else value
                self._paragraph(f"{number}. {described}", indent="  ", hanging="   ")
        hints = [f"{BACK} for back"] * back + [f"{MORE} for more"] * bool(question.more)
        if hints:
            self.line(f"  ({', '.join(hints)})")
        while True:
            typed = self._choose(question, back) if drawn and question.choices else self._type(question)
            if typed == BACK and back:
                raise GoBack
            if typed == MORE and question.more:
                for text in question.more:
                    self._paragraph(text, indent="  ")
                continue
            names = [*question.choices]
            if typed.isdecimal() and 0 < int(typed) <= len(names):
                typed = names[int(typed) - 1]
            try:
                return question.parse(typed) if typed or question.required else question.default
            except BlueprintError as error:
                self.reject(error)

    def confirm(self, question: str, *, back: bool = False) -> bool:
        """Ask a yes-or-no question; an empty answer means yes.

        Raises GoBack if the user asks for that and it is allowed (`back`), and Interrupted on Ctrl-D.
        """
        while True:
            typed = self._input(f"{question} [yes] > ")
            if typed == BACK and back:
                raise GoBack
            try:
                return parse_yes_no(typed or "yes")
            except BlueprintError as error:
                self.reject(error)

    def agree(self, question: str) -> bool:
        """Ask for consent: only y or yes counts as yes. Raises Interrupted on Ctrl-D."""
        return self._input(f"{question} [no] > ").lower() in ("y", "yes")

    def reject(self, error: BlueprintError) -> None:
        """Print why an answer was not accepted, before the question is asked again."""
        stop = "" if error.message.endswith((".", "?", "!")) else "."
        self._paragraph(f"{error.message}{stop} {error.hint}".rstrip(), indent="  ")

    @contextmanager
    def progress(self, doing: str) -> Iterator[None]:
        """Show a spinner while the block runs, if it takes longer than SPINNER_DELAY on a terminal."""
        if self._json or not sys.stderr.isatty():
            yield
            return
        done = Event()
        spinner = Thread(target=_spin, args=(doing, done), daemon=True)
        spinner.start()
        try:
            yield
        finally:
            done.set()
            spinner.join()

    @property
    def _draws(self) -> bool:
        """Whether questions are drawn, with line editing and arrow keys, instead of printed."""
        if not self.can_ask or _columns() < NARROW:
            return False
        from . import prompts

        return prompts.wanted()

    def _paragraph(self, text: str, *, indent: str = "", hanging: str = "") -> None:
        """Print text whose lines are broken between words."""
        width = max(20, min(_columns(), WIDE))
        lines = wrap(
            text,
            width,
            initial_indent=indent,
            subsequent_indent=indent + hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines or [""]:
            self.line(line)

    def _choose(self, question: Question[Any], back: bool) -> str:
        from . import prompts

        default = format_value(question.default)
        return prompts.choose(question.choices, default, back=back, more=bool(question.more))

    def _type(self, question: Question[Any]) -> str:
        default = "hidden" if question.hidden else format_value(question.default)
        prompt = "  > " if question.required else f"  [{shown(default)}] > "
        return self._input(prompt, hidden=question.hidden)

    def _input(self, prompt: str, *, hidden: bool = False) -> str:
        with suppress(ImportError):
            # Makes arrow keys edit the line.
            import readline  # noqa: F401
        try:
            return (getpass(prompt) if hidden else input(prompt)).strip()
        except EOFError:
            raise Interrupted(signal.SIGINT) from None

    def _failure(self, error: ErrorOutput) -> None:
        if self._json:
            failure: FailureOutput = {"error": error}
            self._print_json(failure)
            return
        print(shown(f"Error: {error['message']}"), file=sys.stderr)
        if error["hint"]:
            print(shown(f"  {error['hint']}"), file=sys.stderr)

    def _print_json(self, content: Mapping[str, Any]) -> None:
        print(json_module.dumps(content, indent=2, ensure_ascii=False))


def error_as_json(error: BlueprintError) -> ErrorOutput:
    """Return an error for programs."""
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "exit_code": int(error.status),
    }


def _controls_cursor() -> bool:
    """Whether the terminal can do more than print lines."""
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


def _columns() -> int:
    return get_terminal_size().columns


def _fit_into_lines(choices: Mapping[str, str]) -> bool:
    from . import prompts

    return prompts.fit(choices)


def _folders(path: str) -> list[str]:
    """Return the parent folders of `path` from the top: `a/` and `a/b/` for `a/b/c`."""
    return [path[: end + 1] for end, letter in enumerate(path) if letter == "/"]


def _spin(doing: str, done: Event) -> None:
    if done.wait(SPINNER_DELAY):
        return
    from rich.console import Console as RichConsole

    with RichConsole(stderr=True).status(f"{doing} ..."):
        done.wait()


def shown(text: str) -> str:
    """Return `text` with each character that could control a terminal as an escape; lines and tabs stay."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each in "\n\t" else each.encode("unicode_escape").decode()
        for each in text
    )


def format_value(value: object) -> str:
    """Format a value as a user would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if value is None or isinstance(value, list | dict):
        return json_module.dumps(value, ensure_ascii=False)
    return str(value)


def pluralize(number: int, thing: str) -> str:
    """Format a count: `1 option`, `2 options` or `no options`."""
    return f"{number or 'no'} {thing}{'s' * (number != 1)}"


def parse_yes_no(text: str) -> bool:
    """Read an answer to a yes-or-no question, in any case. Raises AnswersError."""
    answer = text.lower()
    if answer not in _YES | _NO:
        raise AnswersError("Please answer yes or no")
    return answer in _YES
