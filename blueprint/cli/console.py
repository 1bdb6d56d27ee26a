"""The only place that prints or asks."""

import json as json_module
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from getpass import getpass
from io import TextIOWrapper
from threading import Event, Thread
from typing import Any, Protocol, TypeVar

from blueprint.errors import BlueprintError, ExitStatus

from .interrupts import Interrupted

T = TypeVar("T")

SPINNER_DELAY = 1.0
"""How long, in seconds, something may take before we say that we are at it."""

TREE_FILES = 30
"""The largest tree that is shown file by file; of a larger one, folders are shown with their sums."""

TREE_DEPTH = 3
"""How many levels of folders are shown of a large tree."""


class Result(Protocol):
    """What a command gives back: one renderer prints it for people or as JSON."""

    def as_json(self) -> Mapping[str, Any]:
        """The whole result, for programs."""
        ...

    def describe(self, console: "Console") -> None:
        """The result in words, for people."""
        ...


class Console:
    """Prints for people, or exactly one JSON object for programs."""

    def __init__(self, *, json: bool = False) -> None:
        self._json = json
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody to ask."""
        return not self._json and sys.stdin.isatty() and sys.stdout.isatty()

    def result(self, result: Result) -> None:
        """Print the result of the command."""
        if self._json:
            self._print_json(result.as_json())
        else:
            result.describe(self)

    def error(self, error: BlueprintError) -> ExitStatus:
        """Print what is wrong and what to do, and give the exit status."""
        self._failure(error.code, error.message, error.hint, error.status)
        return error.status

    def interrupted(self, status: int) -> int:
        """Print that the user or the system stopped us, and give the exit status."""
        self._failure("interrupted", "stopped before anything was written", "", status)
        return status

    def flush(self) -> None:
        """Hand everything to the reader. Raises BrokenPipeError if nobody reads any more."""
        sys.stdout.flush()

    def broken_pipe(self) -> ExitStatus:
        """Nobody reads what we print: end quietly, also when Python flushes on exit."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.FAULT

    def line(self, text: str = "") -> None:
        """Print one line."""
        print(text)

    def code(self, title: str, text: str) -> None:
        """Print the text of something that would run, set apart from our own."""
        self.line(f"--- {title}")
        for line in text.splitlines():
            self.line(f"  | {line}")

    def tree(self, root: str, paths: Sequence[str]) -> None:
        """Print `paths` as a tree below `root`; many are summed up folder by folder."""
        from rich.console import Console as RichConsole
        from rich.text import Text
        from rich.tree import Tree

        summed = len(paths) > TREE_FILES
        inside = Counter(folder for path in paths for folder in _folders(path))
        top = Tree(Text(root))
        nodes = {"": top}
        for path in sorted(paths, key=lambda path: ("/" not in path, path)):
            above = ""
            for folder in _folders(path)[: TREE_DEPTH if summed else None]:
                if folder not in nodes:
                    name = folder.removeprefix(above)
                    sum_ = f"  {inside[folder]} file{'s' * (inside[folder] > 1)}" if summed else ""
                    nodes[folder] = nodes[above].add(Text(name + sum_))
                above = folder
            if not (above and summed):
                nodes[above].add(Text(path.removeprefix(above)))
        RichConsole(soft_wrap=True).print(top)

    def ask(
        self,
        question: str,
        explanation: Sequence[str],
        parse: Callable[[str], T],
        default: T,
        *,
        required: bool = False,
        hidden: bool = False,
    ) -> T:
        """Ask until `parse` takes the answer; an empty one is the default. Raises Interrupted on Ctrl-D.

        A `required` question has no default; the answer to a `hidden` one is not shown.
        """
        self.line()
        self.line(question)
        for text in explanation:
            self.line(f"  {text}")
        prompt = "  > " if required else f"  [{'hidden' if hidden else format_value(default)}] > "
        while True:
            answer = self._input(prompt, hidden=hidden)
            if not answer and not required:
                return default
            try:
                return parse(answer)
            except BlueprintError as error:
                self.line(f"  {error.message}. {error.hint}")

    def confirm(self, question: str) -> bool:
        """Ask for yes or no; an empty answer is yes."""
        while True:
            answer = self._input(f"{question} [yes] > ").lower()
            if answer in ("", "y", "yes"):
                return True
            if answer in ("n", "no"):
                return False

    def agree(self, question: str) -> bool:
        """Ask for a yes; everything else is no."""
        return self._input(f"{question} [no] > ").lower() in ("y", "yes")

    def require(self, question: str, parse: Callable[[str], T]) -> T:
        """Ask until `parse` takes the answer; there is no default. Raises Interrupted on Ctrl-D."""
        while True:
            try:
                return parse(self._input(f"{question} > "))
            except BlueprintError as error:
                self.line(f"  {error.message}. {error.hint}")

    @contextmanager
    def progress(self, doing: str) -> Iterator[None]:
        """Say what we are `doing` if it takes longer than SPINNER_DELAY and somebody is looking."""
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

    def _input(self, prompt: str, *, hidden: bool = False) -> str:
        try:
            return (getpass(prompt) if hidden else input(prompt)).strip()
        except EOFError:
            raise Interrupted(signal.SIGINT) from None

    def _failure(self, code: str, message: str, hint: str, status: int) -> None:
        if self._json:
            error = {"code": code, "message": message, "hint": hint, "exit_code": int(status)}
            self._print_json({"error": error})
            return
        print(f"Error: {message}", file=sys.stderr)
        if hint:
            print(f"  {hint}", file=sys.stderr)

    def _print_json(self, content: Mapping[str, Any]) -> None:
        print(json_module.dumps(content, indent=2, ensure_ascii=False))


def _folders(path: str) -> list[str]:
    """The folders above `path`, from the top: `a/` and `a/b/` for `a/b/c`."""
    return [path[: end + 1] for end, letter in enumerate(path) if letter == "/"]


def _spin(doing: str, done: Event) -> None:
    if done.wait(SPINNER_DELAY):
        return
    from rich.console import Console as RichConsole

    with RichConsole(stderr=True).status(f"{doing} ..."):
        done.wait()


def format_value(value: object) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if value is None or isinstance(value, list | dict):
        return json_module.dumps(value, ensure_ascii=False)
    return str(value)


def pluralize(number: int, thing: str) -> str:
    """A number of things: `1 option`, `2 options`, `no options`."""
    return f"{number or 'no'} {thing}{'s' * (number != 1)}"
