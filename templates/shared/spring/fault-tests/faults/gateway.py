"""Gateway of the fault tests: `python -m tests.faults.gateway PORT` routes each path to its service.

The addresses of the services are in the environment (`ORDERS_URL` and so on). It breaks a connection when a
service does, and is ready when all services are.
"""

import asyncio
import os
import sys

from .architecture import SERVICE_OF, SERVICES
from .exchange import exchange, message

URLS = {service.name: os.environ[f"{service.name.upper()}_URL"] for service in SERVICES}
PATHS = {path: URLS[service.name] for service in SERVICES for path in service.paths}
# All other paths under /internal are unreachable through a gateway.
PATHS["/internal/audit"] = URLS[SERVICE_OF["orders"]]
OK = b"HTTP/1.1 200 "


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    try:
        while True:
            writer.write(await answer(await message(reader)))
            await writer.drain()
    except (OSError, LookupError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def answer(request: bytes) -> bytes:
    """Return the response of the service that owns the path, or whether all services are ready."""
    path = request.split(b" ", 2)[1].partition(b"?")[0].decode("latin-1")
    if path == "/readyz":
        states = await asyncio.gather(*(exchange(url, request) for url in URLS.values()))
        return next((state for state in states if not state.startswith(OK)), states[0])
    urls = (url for prefix, url in PATHS.items() if f"{path}/".startswith(f"{prefix.rstrip('/')}/"))
    return await exchange(next(urls, URLS[SERVICE_OF["orders"]]), request)


async def main() -> None:
    """Serve until the process is terminated."""
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
