"""Forked processes: they start from a process that has loaded all packages, and share its memory."""

import multiprocessing
import os
import runpy
import subprocess
import sys
from pathlib import Path

from .processes import Program, start_program


def start_module(command: list[str], environment: dict[str, str], folder: Path, log: Path) -> Program:
    """Start `python -m MODULE ...` in `folder`, forked if possible; its output is appended to `log`."""
    if sys.platform == "linux":
        return ForkedModule(command[2:], environment, folder, log)
    # Libraries of other systems may not survive a fork.
    return start_program(command, environment, folder, log)


class ForkedModule:
    """A Python module that runs as a program in a forked process."""

    def __init__(self, module: list[str], environment: dict[str, str], folder: Path, log: Path) -> None:
        """`module` is its name and its arguments."""
        # The C library reads it when the fork server starts. Large blocks, such as those of password hashes,
        # then return to the system as soon as they are free.
        os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(1 << 20))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([f"{__package__}.preloaded"])
        self._process = context.Process(target=_run, args=(module, environment, folder, log))
        self._process.start()

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once the process has ended; raise `TimeoutExpired`."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def send_signal(self, sig: int) -> None:
        """Send the signal to the process, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Send SIGTERM to the process."""
        self._process.terminate()


def _run(module: list[str], environment: dict[str, str], folder: Path, log: Path) -> None:
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # Without the paths of the parent: a service sees only the libraries and itself.
    prefixes = {sys.prefix, sys.base_prefix}
    installed = [path for path in sys.path if any(Path(path).is_relative_to(prefix) for prefix in prefixes)]
    sys.path[:] = [*environment["PYTHONPATH"].split(os.pathsep), *installed]
    # The server forks its worker, as it does in a process that was started alone.
    multiprocessing.set_start_method(None, force=True)
    sys.argv = module
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)
