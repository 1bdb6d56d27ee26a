"""The shop on a network that can fail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from dev.architecture import EDGES

from .breakable import BreakableShop
from .line import Line
from .network import Fault, Network

STRIKE_SECONDS = 180.0


class FragileShop(BreakableShop):
    """Each call between services passes the `network`, and each to a database server a line."""

    def __init__(
        self, folder: Path, common: Mapping[str, str], database_url: Callable[[str], str] | None
    ) -> None:
        self.network = Network()
        self._lines: list[Line] = []
        lined = None if database_url is None else lambda service: self._lined(database_url(service))
        super().__init__(folder, common, database_url=lined)
        for caller, callee in EDGES:
            self.environments[caller][f"{callee.upper()}_URL"] = self.network.proxy(self.urls[callee])

    def strike(self, step: str, fault: Fault) -> None:
        """Return when the fault has struck at the next call of that step."""
        struck = self.network.plan(step, fault).struck
        assert struck.wait(STRIKE_SECONDS), f"nobody came to {step!r}"

    def cut_databases(self) -> None:
        """Break all connections to the database server, and let none through."""
        self.network.run(*(line.cut() for line in self._lines))

    def mend_databases(self) -> None:
        """Let connections to the database server pass again."""
        self.network.run(*(line.mend() for line in self._lines))

    def mend(self) -> None:
        self.network.calm()
        super().mend()

    def stop(self) -> None:
        super().stop()
        self.network.close()

    def _lined(self, database_url: str) -> str:
        """Return the URL of the same database at the near end of a line."""
        url = sa.make_url(database_url)
        assert url.host is not None
        assert url.port is not None
        self._lines.append(Line(url.host, url.port))
        [(host, port)] = self.network.run(self._lines[-1].open())
        return url.set(host=host, port=port).render_as_string(hide_password=False)


@contextmanager
def open_shop(
    folder: Path, variables: Mapping[str, str], database_url: Callable[[str], str] | None
) -> Iterator[FragileShop]:
    """Run the shop while the block runs; its files go into `folder`."""
    shop = FragileShop(folder, variables, database_url)
    with shop.running():
        yield shop
