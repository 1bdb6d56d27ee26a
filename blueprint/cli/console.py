"""The only place that prints or asks."""

import json as json_module
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import Any, Protocol

from blueprint.errors import BlueprintError, ExitStatus


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

    @property
    def asks(self) -> bool:
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
        if self._json:
            self._print_json(
                {
                    "error": {
                        "code": error.code,
                        "message": error.message,
                        "hint": error.hint,
                        "exit_code": int(error.status),
                    }
                }
            )
        else:
            print(f"Error: {error.message}", file=sys.stderr)
            if error.hint:
                print(f"  {error.hint}", file=sys.stderr)
        return error.status

    def line(self, text: str = "") -> None:
        """Print one line."""
        print(text)

    def tree(self, root: str, paths: Sequence[str]) -> None:
        """Print the paths as a tree, two levels deep."""

    @contextmanager
    def progress(self, doing: str) -> Iterator[None]:
        """Say what we are `doing` if it takes longer than a second and somebody is looking."""
        yield

    def ask(self, prompt: str) -> str:
        """Ask for one line."""
        return input(prompt).strip()

    def _print_json(self, content: Mapping[str, Any]) -> None:
        print(json_module.dumps(content, indent=2, ensure_ascii=False))
