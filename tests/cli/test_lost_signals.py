"""A signal stops the command, whatever the interpreter is doing when it comes."""

import asyncio
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.shortcuts import choice

from blueprint.cli import interrupts, prompts


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The handlers of a command; they are taken back in the end."""
    monkeypatch.setattr(interrupts, "_received", [])
    before = {number: signal.getsignal(number) for number in interrupts._SIGNALS}
    for number, handler in before.items():
        # Under nohup, a command ignores it, and the question would wait forever.
        if handler is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    interrupts.install()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_a_callback_of_the_loop_ends_the_command(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """asyncio keeps exceptions of callbacks to itself, and the question would wait for the Enter key."""

    def with_a_key_that_kills(*arguments: Any, key_bindings: KeyBindings, **options: Any) -> str:
        @key_bindings.add("z", eager=True)
        def _(event: KeyPressEvent) -> None:
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), number)

        return str(choice(*arguments, key_bindings=key_bindings, **options))

    monkeypatch.setattr(prompts, "choice", with_a_key_that_kills)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("z")
        with pytest.raises(interrupts.Interrupted) as caught:
            prompts.choose({"yes": "", "no": ""}, "yes", back=False, more=False)
    assert caught.value.status == 128 + number


class Finalized:
    """An object that gets a signal while it is deleted."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.usefixtures("handlers")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_in_a_finalizer_is_noticed_before_anything_is_written() -> None:
    """Python only prints what a finalizer raises; the command would go on, and ignore later signals."""
    Finalized()
    with pytest.raises(interrupts.Interrupted) as caught:
        interrupts.ignore()
    assert caught.value.status == 143
