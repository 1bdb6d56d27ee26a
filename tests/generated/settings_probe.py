"""Give each setting of one program of a generated shop malformed values, and print what its commands answer.

Run by the shop's Python in the shop's folder: `settings_probe.py PROGRAM SERVICE [VARIABLE...]`. These
variables were tried with other programs, and get only one malformed value. Each attempt is a forked process,
so that hundreds of them take a minute. Only the HTTP server is replaced: its worker would not end.
"""

import asyncio
import contextlib
import importlib
import json
import os
import runpy
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from dotenv import dotenv_values

MALFORMED = "?"
# Values that look right and fail only where they are used.
ODD_NUMBERS = ("nan", "inf", "999999999999", "-1")
ODD_TEXTS = ("http://[", "http://host:99999", "redis://host:port", "sqlite:///", "kafka://:")
# Arguments of the commands that need some, and commands that write into the project instead of running it.
ARGUMENTS = {"dead-letter": ["topic-0-0"]}
DEVELOPMENT = {"revision"}
KAFKA = {"BUS_URL": "kafka://127.0.0.1:9", "KAFKA_SECURITY_PROTOCOL": "ssl"}
WORKER_FAILED = 70
Variables = dict[str, str]


class Probe:
    """One program, its valid environment, and the base class of its settings."""

    def __init__(self, program: str, service: str) -> None:
        self._program = program
        self._settings: Any = importlib.import_module("chassis.settings").Settings
        self._commands: Any = importlib.import_module("chassis.serving.commands")
        self._environment = _environment(service)
        # Whatever is loaded here is not loaded again by each process.
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"{program}.main")

    def outcomes(self, tried: set[str]) -> Iterator[dict[str, Any]]:
        """Yield the outcome of each command with valid settings, and with each malformed value of each."""
        for command in self._lines():
            for extra in self._variants(command):
                valid = self._attempt(command, extra, served=True)
                yield valid | {"variable": None}
                new = {name: kind for name, kind in valid["read"].items() if name not in tried or not extra}
                for variable, kind in new.items():
                    odd = ODD_NUMBERS if kind == "number" else ODD_TEXTS
                    for value in (MALFORMED, *(() if variable in tried else odd)):
                        outcome = self._attempt(command, extra | {variable: value})
                        yield outcome | {"variable": variable, "value": value, "valid": valid["code"]}
                tried.update(new)

    def _lines(self) -> list[list[str]]:
        """Return the command lines, migrations first; a program without commands has one that is empty."""
        found: list[list[str]] = []

        def note(_program: str, *commands: Any) -> int:
            found.extend([each.name, *ARGUMENTS.get(each.name, [])] for each in commands)
            return 0

        original, self._commands.main = self._commands.main, note
        with contextlib.suppress(SystemExit):
            if not self._program.endswith(".issuer"):
                runpy.run_module(self._program, run_name="__main__", alter_sys=True)
        self._commands.main = original
        lines = [each for each in found if each[0] not in DEVELOPMENT] or [[]]
        return sorted(lines, key=lambda line: line != ["migrate"])

    def _variants(self, command: list[str]) -> list[Variables]:
        # Kafka's own settings are read only with Kafka; only the server starts without the broker.
        uses_bus = "BUS_URL" in self._environment and command == ["serve"]
        return [{}, KAFKA] if uses_bus else [{}]

    def _attempt(self, command: list[str], extra: Variables, *, served: bool = False) -> dict[str, Any]:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as notes:
            pid = os.fork()
            if pid == 0:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
                self._run([self._program, *command], extra, notes, served=served)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            out.seek(0)
            notes.seek(0)
            noted = json.loads(notes.read() or "{}")
            return {"command": command, "code": code, "output": out.read(), **noted}

    def _run(self, arguments: list[str], extra: Variables, notes: Any, *, served: bool) -> NoReturn:
        os.environ.clear()
        os.environ.update(self._environment | extra)
        sys.argv = arguments
        before: dict[str, str] = {}
        later: dict[str, str] = {}
        now = before

        def read(settings: Any, **values: Any) -> None:
            for name, field in type(settings).model_fields.items():
                now[name.upper()] = "number" if field.annotation in (int, float) else "text"
            original(settings, **values)

        def serve(server: Any) -> None:
            nonlocal now
            now = later
            try:
                module, _, factory = server.target.partition(":")
                app = getattr(importlib.import_module(module), factory)()
                if served:
                    asyncio.run(_start_and_stop(app))
            except BaseException:
                traceback.print_exc()
                leave(WORKER_FAILED)

        def leave(code: int) -> NoReturn:
            json.dump({"read": before, "read_by_worker": later}, notes)
            notes.flush()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

        original, self._settings.__init__ = self._settings.__init__, read
        importlib.import_module("granian").Granian.serve = serve
        try:
            runpy.run_module(arguments[0], run_name="__main__", alter_sys=False)
        except SystemExit as end:
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
            leave(end.code if isinstance(end.code, int) else int(end.code is not None))
        except BaseException:
            traceback.print_exc()
            leave(1)
        leave(0)


async def _start_and_stop(app: Callable[..., Any]) -> None:
    messages = iter(["lifespan.startup", "lifespan.shutdown"])
    started: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": next(messages)}

    async def send(message: dict[str, str]) -> None:
        started.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    assert started[:1] == ["lifespan.startup.complete"], started


def _environment(service: str) -> dict[str, str]:
    """Return the valid environment of a program, with embedded databases in a folder of this process."""
    folder = Path(tempfile.mkdtemp())
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    common = path | {name: value or "" for name, value in dotenv_values(".env").items()}
    common |= {"AUDIT_ENABLED": "true"}
    if Path("dev/workspace.py").exists():
        workspace = importlib.import_module("dev.workspace").Workspace(folder, common)
        return dict(workspace.environments[service])
    common |= {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/shop.db"}
    return common


def main(arguments: Sequence[str]) -> None:
    """Print the outcomes as JSON."""
    program, service, *tried = arguments
    print(json.dumps(list(Probe(program, service).outcomes(set(tried)))))


if __name__ == "__main__":
    main(sys.argv[1:])
