"""Questions one after another, with a counter, a way back, and answers that survive an interruption."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from blueprint.errors import BlueprintError, DiskError
from blueprint.user_dirs import state_folder, write_private

from .console import Console, parse_yes_no, pluralize
from .interrupts import Interrupted
from .question import GoBack, Question

T = TypeVar("T")


class Dialog:
    """Asks the questions of a script.

    To go back, the script runs again: answers that were given are not asked for twice, except for the last.
    So a script reads like one without a way back; what it does beside asking has to bear repetition.
    """

    def __init__(self, console: Console, command: str = "") -> None:
        """Begin a dialog; unfinished answers to the questions of `command`, if it is given, are kept."""
        self.console = console
        self._unfinished = state_folder() / f"unfinished-{command}.json" if command else None
        self._answers: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._secret: set[str] = set()
        self._asked: list[str] = []
        self._total = 0
        self._shown: object = None

    def is_news(self, value: object) -> bool:
        """Return whether `value` differs from the last one: what it leads to is not shown yet."""
        news = value != self._shown
        self._shown = value
        return news

    def run(self, script: Callable[["Dialog"], T]) -> T:
        """Return what `script` returns. If it raises BlueprintError or Interrupted, the answers are kept."""
        self._offer_unfinished()
        try:
            result = self._repeat(script)
        except (BlueprintError, Interrupted):
            self._keep()
            raise
        self._forget_file()
        return result

    def expect(self, number: int) -> None:
        """Count the questions: at most `number` more will be asked."""
        self._total = len(self._asked) + number

    def ask(self, key: str, question: Question[T]) -> T:
        """Return the answer to a question, which `key` identifies in this command."""
        if key not in self._answers:
            if key in self._before:
                question = replace(question, default=self._before[key], required=False)
            position = len(self._asked) + 1
            place = f"{position} of {self._total}: " if position <= self._total else ""
            self._answers[key] = self.console.ask(question, place=place, back=bool(self._asked))
            if question.hidden:
                self._secret.add(key)
        self._asked.append(key)
        answer: T = self._answers[key]
        return answer

    def ask_whether(self, key: str, text: str, *, default: bool) -> bool:
        """Return the answer to a yes-or-no question."""
        choices = {"yes": "", "no": ""}
        return self.ask(key, Question(text=text, parse=parse_yes_no, default=default, choices=choices))

    def reject(self, key: str) -> None:
        """Forget an answer that turned out not to be possible, so that it can be asked for again."""
        self._before[key] = self._answers.pop(key)
        self._asked.remove(key)

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question that is not counted and whose answer is not kept."""
        return self.console.confirm(question, back=bool(self._asked))

    def _repeat(self, script: Callable[["Dialog"], T]) -> T:
        while True:
            self._asked, self._total = [], 0
            try:
                return script(self)
            except GoBack:
                last = self._asked[-1]
                self._before[last] = self._answers.pop(last)

    def _offer_unfinished(self) -> None:
        if self._unfinished is None:
            return
        with suppress(OSError, ValueError):
            answers = json.loads(self._unfinished.read_text(encoding="utf-8"))
            number = pluralize(len(answers), "answer")
            if self.console.confirm(f"You stopped before the end. Go on with your {number}?"):
                self._answers = dict(answers)
            else:
                self._forget_file()

    def _keep(self) -> None:
        answers = {key: value for key, value in self._answers.items() if key not in self._secret}
        if self._unfinished is None or not answers:
            return
        # A folder that cannot be written to must not hide that the user stopped the command.
        with suppress(DiskError):
            write_private(self._unfinished, json.dumps(answers).encode())
            self.console.line("\nYour answers are kept. Run the same command to go on.")

    def _forget_file(self) -> None:
        if self._unfinished is not None:
            with suppress(OSError):
                self._unfinished.unlink(missing_ok=True)
