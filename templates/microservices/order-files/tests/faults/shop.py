"""The microservices shop with faults in its network, databases and processes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dev.architecture import EDGES

from .network import Fault, Network
from .process_faults import ProcessFaults
from .tcp_proxy import TcpProxy

FAULT_SECONDS = 180.0


class FaultyShop(ProcessFaults):
    """Calls between services pass through `network`, connections to a database server through TCP proxies."""

    def __init__(
        self, folder: Path, common: Mapping[str, str], database_url: Callable[[str], str] | None
    ) -> None:
        self.network = Network()
        self._tcp_proxies: list[TcpProxy] = []
        proxied = None if database_url is None else lambda service: self._proxied(database_url(service))
        super().__init__(folder, common, database_url=proxied)
        for caller, callee in EDGES:
            self.environments[caller][f"{callee.upper()}_URL"] = self.network.proxy(self.urls[callee])

    def inject(self, step: str, fault: Fault) -> None:
        """Return once the next call of the step has suffered the fault."""
        injected = self.network.plan(step, fault).injected
        assert injected.wait(FAULT_SECONDS), f"no service made the call {step!r}"

    def cut_databases(self) -> None:
        """Break all connections to the database server and refuse new ones."""
        self.network.run(*(tcp_proxy.cut() for tcp_proxy in self._tcp_proxies))

    def restore_databases(self) -> None:
        """Accept connections to the database server again."""
        self.network.run(*(tcp_proxy.recover() for tcp_proxy in self._tcp_proxies))

    def recover(self) -> None:
        self.network.clear()
        self.restore_databases()
        super().recover()

    def stop(self) -> None:
        super().stop()
        self.network.close()

    def _proxied(self, database_url: str) -> str:
        """Return the URL of the same database behind a TCP proxy."""
        url = urlsplit(database_url)
        assert url.hostname is not None
        assert url.port is not None
        self._tcp_proxies.append(TcpProxy(url.hostname, url.port))
        [(host, port)] = self.network.run(self._tcp_proxies[-1].open())
        user = url.netloc.rpartition("@")[0]
        return url._replace(netloc=f"{user}@{host}:{port}").geturl()


@contextmanager
def open_shop(folder: Path, fixture: Callable[[str], Any]) -> Iterator[FaultyShop]:
    """Run the shop while the block runs; its files are in `folder`, `fixture` returns pytest's fixtures."""
    variables, database_url = fixture("variables"), fixture("database_url")
    shop = FaultyShop(folder, variables, database_url)
    with shop.running():
        yield shop
