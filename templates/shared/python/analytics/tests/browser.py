"""Headless Chromium, controlled over the DevTools protocol."""

import asyncio
import json
import os
import shutil
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
    "--window-size=1000,1100",
    "--remote-debugging-pipe",
)
SECONDS = 20


class Page:
    """A page, and the errors that the browser logged on it."""

    def __init__(self, reader: asyncio.StreamReader, commands: int) -> None:
        self.errors: list[str] = []
        self._reader = reader
        self._commands = commands
        self._numbers = count(1)
        self._responses: dict[int, asyncio.Future[Any]] = {}
        self._session: str | None = None

    async def listen(self) -> None:
        """Read the browser's messages until cancelled."""
        while True:
            message = json.loads((await self._reader.readuntil(b"\0"))[:-1])
            if "id" in message:
                self._responses.pop(message["id"]).set_result(message)
            elif message["method"] == "Log.entryAdded":
                self.errors.append(message["params"]["entry"]["text"])
            elif message["method"] == "Runtime.exceptionThrown":
                self.errors.append(message["params"]["exceptionDetails"]["text"])

    async def send(self, method: str, **parameters: Any) -> Any:
        """Send a command; return its result."""
        number = next(self._numbers)
        response = self._responses[number] = asyncio.get_running_loop().create_future()
        command = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        message = await asyncio.wait_for(response, SECONDS)
        assert "error" not in message, message
        return message["result"]

    async def open(self, url: str) -> None:
        """Open a page in a new tab."""
        target = await self.send("Target.createTarget", url="about:blank")
        attached = await self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Log", "Runtime", "Page"):
            await self.send(f"{domain}.enable")
        await self.send("Page.navigate", url=url)

    async def run(self, script: str) -> Any:
        """Run a script; return its result."""
        answer = await self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait until a script returns a true value."""
        async with asyncio.timeout(SECONDS):
            while not await self.run(script):
                await asyncio.sleep(0.05)


def missing(reason: str) -> NoReturn:
    """Skip the test for `reason`; fail it where TEST_REQUIRE_BROWSER=1 says that there must be a browser."""
    if os.environ.get("TEST_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Page]:
    """Run a browser with an empty profile during the block; skip the test if no browser starts."""
    if PROGRAM is None:
        missing("there is no Chromium on this machine")
    commands_out, commands_in = os.pipe()
    responses_out, responses_in = os.pipe()

    def connect() -> None:
        # The protocol's pipes are descriptors 3 and 4. Duplicate the originals first, in case they use these.
        copies = os.dup(commands_out), os.dup(responses_in)
        os.dup2(copies[0], 3)
        os.dup2(copies[1], 4)

    log = folder.with_suffix(".log")
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            *FLAGS,
            f"--user-data-dir={folder}",
            pass_fds=(3, 4),
            preexec_fn=connect,
            stderr=errors,
        )
    os.close(commands_out)
    os.close(responses_in)
    reader = asyncio.StreamReader(limit=1 << 26)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(responses_out, "rb")
    )
    page = Page(reader, commands_in)
    listening = asyncio.create_task(page.listen())
    try:
        await _answer(page, process, log)
        yield page
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        transport.close()
        os.close(commands_in)


async def _answer(page: Page, process: Process, log: Path) -> None:
    """Wait until the browser answers; skip the test if it exits first, perhaps for a missing library."""
    answer = asyncio.create_task(page.send("Browser.getVersion"))
    ended = asyncio.create_task(process.wait())
    await asyncio.wait({answer, ended}, return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    answer.cancel()
    failure = (await asyncio.gather(answer, return_exceptions=True))[0]
    if isinstance(failure, BaseException):
        said = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        missing(f"Chromium does not start: {said[-1]}")
