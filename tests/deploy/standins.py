"""Run stand-ins for the shop and read the requests that reached them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from tests.generated.environment import python_for_all
from tests.servers.process import free_port, listening, running

PROGRAM = Path(__file__).with_name("standin.py")


@contextmanager
def serve(folder: Path) -> Iterator[tuple[Popen[bytes], int]]:
    """Run a stand-in and yield its process and port; stand-ins in one folder share a journal."""
    port = free_port()
    command = [python_for_all(), str(PROGRAM), str(port), str(folder / "journal")]
    with running(command, ready=lambda: listening(port), log=folder / f"{port}.log") as process:
        yield process, port


def seen(journal: Path) -> Counter[str]:
    """Return how often each request ID reached a stand-in."""
    return Counter(line.split()[2] for line in journal.read_text().splitlines())


def paths(journal: Path) -> Counter[str]:
    """Return how often each path reached a stand-in."""
    return Counter(line.split()[1] for line in journal.read_text().splitlines())
