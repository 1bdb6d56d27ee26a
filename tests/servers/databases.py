"""PostgreSQL, MariaDB and MySQL servers for tests; MariaDB usually stands for MySQL."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from .process import folder_of, free_port, listening, program, running, unprivileged

# Runs a command, and again a while after it was killed, until the shell itself is terminated.
RESTART = """
trap 'kill $server; wait $server; exit' TERM
while :; do "$@" & server=$!; wait $server; sleep 3; done
"""


@contextmanager
def postgresql(
    folder: Path,
    *,
    fsync: bool = False,
    natural_order: bool = False,
    preload: str = "",
    address: str = "127.0.0.1",
    settings: Sequence[str] = (),
) -> Iterator[str]:
    """Run a new PostgreSQL and yield the URL of its database `shop`; by default without fsync, for speed.

    With `natural_order`, it sorts text as people do, like most installations in production, and not by code.
    `preload` names a library that the server loads, such as pg_stat_statements.
    `address` is the one that it listens on. `settings` are more of them.
    """
    binaries = sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin"))
    server = Path(program("postgres", *reversed(binaries))).resolve()
    user = unprivileged("postgres")
    with folder_of(user) as data:
        options = ["--locale-provider=icu", "--icu-locale=en-US"] if natural_order else []
        more = [*settings, *([f"shared_preload_libraries={preload}"] if preload else [])]
        if not fsync:
            more += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        yield from _postgresql(server, data, user, folder / "postgresql.log", options, more, address)


def _postgresql(
    server: Path,
    data: Path,
    user: str | None,
    log: Path,
    options: list[str],
    more: list[str],
    address: str,
) -> Iterator[str]:
    port = free_port()
    initdb = [str(server.with_name("initdb")), "--no-sync", "-A", "trust", "-U", "shop", "-D", str(data)]
    initdb += options
    locale = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(initdb, check=True, user=user, capture_output=True, cwd="/", env=locale)
    with (data / "pg_hba.conf").open("a") as file:
        file.write("host all all all trust\n")
    settings = [f"listen_addresses={address}", "unix_socket_directories=", "max_connections=200", *more]
    command = [str(server), "-D", str(data), "-p", str(port)]
    for setting in settings:
        command += ["-c", setting]
    client = ["-h", address, "-p", str(port), "-U", "shop"]

    def ready() -> bool:
        question = [str(server.with_name("pg_isready")), *client]
        return subprocess.run(question, check=False, capture_output=True).returncode == 0

    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to disconnect.
    with running(command, ready=ready, log=log, user=user, stop=signal.SIGINT):
        subprocess.run([str(server.with_name("createdb")), *client, "shop"], check=True, capture_output=True)
        yield f"postgresql+asyncpg://shop@{address}:{port}/shop"


@contextmanager
def mariadb(folder: Path, *, durable: bool = False, options: Sequence[str] = ()) -> Iterator[str]:
    """Run a new MariaDB and yield the URL of its database `shop`; the user `shop` may create schemas.

    A `durable` one keeps all commits, and is restarted when it crashes. `options` are more of the server.
    """
    server = program("mariadbd")
    install = program("mariadb-install-db")
    user = unprivileged("mysql")
    with folder_of(user) as data:
        log = folder / "mariadb.log"
        yield from _mariadb(server, install, data, user, log, options, durable=durable)


def _mariadb(
    server: str,
    install: str,
    data: Path,
    user: str | None,
    log: Path,
    more: Sequence[str],
    *,
    durable: bool,
) -> Iterator[str]:
    port = free_port()
    options = ["--no-defaults", f"--datadir={data}"]
    subprocess.run(
        [install, *options, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        user=user,
        capture_output=True,
        cwd="/",
    )
    command = [
        server, *options, *more, f"--port={port}", "--bind-address=127.0.0.1",
        f"--socket={data}/mariadb.sock", f"--pid-file={data}/mariadb.pid", f"--init-file={_grants(data)}",
        "--skip-name-resolve", "--max-connections=200",
        f"--innodb-flush-log-at-trx-commit={int(durable)}", "--innodb-print-all-deadlocks",
    ]  # fmt: skip
    if durable:
        command = ["sh", "-c", RESTART, "sh", *command]
    with running(command, ready=lambda: listening(port), log=log, user=user):
        yield f"mysql+asyncmy://shop:shop@127.0.0.1:{port}/shop"


@contextmanager
def mysql(folder: Path) -> Iterator[str]:
    """Run a new MySQL and yield the URL of its database `shop`; the user `shop` may create schemas."""
    server = program("mysqld")
    user = unprivileged("mysql")
    with folder_of(user) as parent:
        data, port = parent / "data", free_port()
        options = ["--no-defaults", f"--datadir={data}"]
        initialize = [server, *options, "--initialize-insecure"]
        subprocess.run(initialize, check=True, user=user, capture_output=True, cwd="/")
        command = [
            server, *options, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={parent}/mysql.sock",
            f"--pid-file={parent}/mysql.pid", f"--init-file={_grants(parent)}", "--skip-name-resolve",
            "--max-connections=200", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--mysqlx=OFF",
            "--secure-file-priv=NULL",
        ]  # fmt: skip
        with running(command, ready=lambda: listening(port), log=folder / "mysql.log", user=user):
            yield f"mysql+asyncmy://shop:shop@127.0.0.1:{port}/shop"


def _grants(folder: Path) -> Path:
    """Write the statements that create the database and the user `shop`."""
    grants = folder / "grants.sql"
    # The server reads one statement per line.
    grants.write_text(
        "CREATE DATABASE shop;\n"
        "CREATE USER shop@'127.0.0.1' IDENTIFIED BY 'shop';\n"
        "GRANT ALL ON *.* TO shop@'127.0.0.1';\n"
    )
    grants.chmod(0o644)
    return grants


def deadlocks(folder: Path) -> int:
    """Return how many deadlocks the servers with their logs in `folder` have detected."""
    logs = (folder / name for name in ("postgresql.log", "mariadb.log"))
    return sum(log.read_text(errors="replace").count("deadlock detected") for log in logs if log.exists())


SERVERS: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "postgresql": postgresql,
    "mysql": mariadb,
}
"""Servers by the answers to the option `database`."""
