"""A signal ends a question that is drawn, whatever its event loop is doing."""

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
def handlers() -> Iterator[None]:
    """The handlers of a command; they are taken back in the end."""
    before = {number: signal.getsignal(number) for number in interrupts._SIGNALS}
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
