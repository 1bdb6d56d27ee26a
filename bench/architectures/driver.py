"""Run inside a generated project with its Python: start every service on existing servers.

Usage: `python driver.py JSON`, in the project's folder. JSON has `folder`, `server` (a PostgreSQL URL), and
`variables` of all processes. Prints the addresses and process ids as JSON, and stops when its input ends.
"""

import asyncio
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit


def main(given: dict[str, object]) -> None:
    """Start the services, print their URLs and process IDs, wait for the end of the input, and stop."""
    from dev.architecture import SERVICES
    from dev.workspace import Workspace

    server = str(given["server"])
    databases = {service.name: f"{given['prefix']}_{service.name}" for service in SERVICES}
    asyncio.run(_create(server, list(databases.values())))

    def database_url(service: str) -> str:
        return urlsplit(server)._replace(path=f"/{databases[service]}").geturl()

    variables = {str(name): str(value) for name, value in dict(given["variables"]).items()}  # type: ignore[call-overload]
    workspace = Workspace(Path(str(given["folder"])), variables, database_url=database_url)
    with workspace.running():
        pids = {name: process.popen.pid for name, process in workspace.processes.items()}
        print(json.dumps({"urls": workspace.urls, "pids": pids}), flush=True)
        sys.stdin.read()


async def _create(server: str, names: list[str]) -> None:
    import asyncpg

    connection = await asyncpg.connect(server.replace("postgresql+asyncpg", "postgresql"))
    try:
        for name in names:
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
