"""TCP proxy that can go silent, as a network does when it drops all packets."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from .process import free_port


class Proxy:
    """Forwards connections to a port of 127.0.0.1. While silent, it accepts them but forwards nothing."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._forwarding = asyncio.Event()
        self._forwarding.set()
        self.round_trips = 0
        """How often any client has sent something to which the server then answered."""

    def silence(self) -> None:
        """Stop forwarding; all connections stay open."""
        self._loop.call_soon_threadsafe(self._forwarding.clear)

    def resume(self) -> None:
        """Forward again, including what has arrived in the meantime."""
        self._loop.call_soon_threadsafe(self._forwarding.set)

    def redirect(self, target: int) -> None:
        """Forward new connections to another port."""
        self._target = target

    def run(self) -> None:
        """Forward until `stop`."""
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    def stop(self) -> None:
        """End `run`."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        await self._forwarding.wait()
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            # As if the client had asked the target itself.
            to_client.close()
            return
        waiting = False

        def sent() -> None:
            nonlocal waiting
            waiting = True

        def answered() -> None:
            nonlocal waiting
            self.round_trips += waiting
            waiting = False

        await asyncio.gather(
            self._pump(client, to_server, sent),
            self._pump(server, to_client, answered),
        )

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, forwarded: Callable[[], None]
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self._forwarding.wait()
                forwarded()
                target.write(data)
                await target.drain()
        target.close()


@contextmanager
def proxied(target: int) -> Iterator[Proxy]:
    """Run a proxy to `target` while the block runs."""
    proxy = Proxy(target)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.resume()
        proxy.stop()
        thread.join(5)
