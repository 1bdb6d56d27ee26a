"""Release the shop on this machine, roll back, back up its data, and restore them.

python scripts/machine.py release 1.1.0    # build images, migrate, replace one container after another
python scripts/machine.py rollback 1.0.0   # the same with images that exist, and without migrations
python scripts/machine.py backup           # all data of one moment, while the shop runs
python scripts/machine.py restore FILE     # replaces all data
"""

import argparse
import fcntl
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
ENVIRONMENT = PROJECT / "deploy/.env"
BACKUPS = PROJECT / "var/backups"
LOCK = PROJECT / "var/machine.lock"
TAG = re.compile(r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?")
EDGE, DATABASE, CACHE, BROKER, TOPICS = "edge", "database", "cache", "broker", "topics"
POLL_SECONDS = 0.5
KEPT_IMAGES = 5

SUFFIXES = {"postgres": ".tar.gz", "mysql": ".sql.gz"}
# Everything on the server at one moment, because the databases of services have to fit together.
DUMPS = {
    "postgres": """
        exec pg_basebackup --username="${POSTGRES_USER:-postgres}" --pgdata=- --format=tar \
            --wal-method=fetch --checkpoint=fast
    """,
    "mysql": """
        export MYSQL_PWD="${MYSQL_PASSWORD:-$MYSQL_ROOT_PASSWORD}"
        user=${MYSQL_USER:-root}
        own=$(mysql --user="$user" --batch --skip-column-names --execute="SHOW DATABASES" |
            grep -vxE "information_schema|performance_schema|mysql|sys")
        exec mysqldump --user="$user" --single-transaction --no-tablespaces --add-drop-database \
            --loose-set-gtid-purged=OFF --databases $own
    """,
}
# PostgreSQL gets its files while it is stopped, MySQL runs statements.
POSTGRESQL_FILES = """
    mkdir -p "$PGDATA" && find "$PGDATA" -mindepth 1 -delete && chmod 700 "$PGDATA" &&
        exec tar -x -f - -C "$PGDATA"
"""
MYSQL_STATEMENTS = """
    MYSQL_PWD="${MYSQL_PASSWORD:-$MYSQL_ROOT_PASSWORD}" exec mysql --user="${MYSQL_USER:-root}"
"""
# No event is in the topics when a backup is made.
NO_TOPICS = "exec find /var/lib/kafka/data -mindepth 1 -delete"


class Failed(Exception):
    """A command failed; the message says why, and what to do."""


def main() -> int:
    """Run a command and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("release", "rollback"):
        command = commands.add_parser(name)
        command.add_argument("tag")
        command.add_argument("--timeout", type=float, default=300, metavar="SECONDS")
    commands.add_parser("backup").add_argument("--keep", type=int, default=14, metavar="BACKUPS")
    command = commands.add_parser("restore")
    command.add_argument("file", type=Path)
    command.add_argument(
        "--rebuild", metavar="SERVICE", help="counts events, from the first one since the restore"
    )
    args = parser.parse_args()
    try:
        with taking_turns():
            match args.command:
                case "backup":
                    print(backup(Stack(), args.keep))
                case "restore":
                    restore(Stack(), args.file, args.rebuild)
                case command:
                    release(args.tag, args.timeout, is_new=command == "release")
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


@contextmanager
def taking_turns() -> Iterator[None]:
    """Wait until no other command runs, so that two releases do not mix."""
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Stack:
    """The containers of the shop; `tag` is that of its images if it is not the one in deploy/.env."""

    def __init__(self, tag: str = "") -> None:
        if not ENVIRONMENT.exists():
            raise Failed("deploy/.env is missing. Create it with `make deploy/.env`, and set DOMAIN in it.")
        files = ("deploy/compose.yaml", "deploy/machine/compose.yaml")
        self._command = ["docker", "compose", *(f"--file={PROJECT / each}" for each in files)]
        self._variables = {**os.environ, "RELEASE": tag} if tag else {**os.environ}

    @cached_property
    def services(self) -> dict[str, Any]:
        """The definitions of the services."""
        found: dict[str, Any] = json.loads(self.read("config", "--format", "json"))["services"]
        return found

    @property
    def jobs(self) -> list[str]:
        """Migrations, and what creates topics: they end."""
        return [name for name, service in self.services.items() if service.get("restart") == "no"]

    @property
    def replaceable(self) -> list[str]:
        """The programs of the shop, and last the edge: two releases of them can run side by side."""
        built = {service["image"] for service in self.services.values() if "build" in service}
        own = [name for name, service in self.services.items() if service["image"] in built]
        return [*(name for name in own if name not in self.jobs), EDGE]

    @property
    def servers(self) -> list[str]:
        """Everything else, such as the database: only one container of it can run."""
        return [name for name in self.services if name not in {*self.jobs, *self.replaceable}]

    @property
    def images(self) -> list[str]:
        """The images of this release."""
        return sorted({self.services[name]["image"] for name in self.replaceable if name != EDGE})

    def run(self, *arguments: str) -> None:
        """Run Docker Compose."""
        self._run(arguments)

    def read(self, *arguments: str) -> str:
        """Run Docker Compose, and return what it prints."""
        return self._run(arguments, stdout=subprocess.PIPE)

    def _run(self, arguments: Sequence[str], stdout: int | None = None) -> str:
        command = [*self._command, *arguments]
        done = subprocess.run(
            command, env=self._variables, stdin=subprocess.DEVNULL, stdout=stdout, text=True, check=False
        )
        _require_success(arguments, done.returncode)
        return done.stdout or ""

    def save(self, target: gzip.GzipFile, *arguments: str) -> None:
        """Run Docker Compose, and write what it prints to a file."""
        command = [*self._command, *arguments]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
            assert process.stdout
            shutil.copyfileobj(process.stdout, target)
        _require_success(arguments, process.returncode)

    def load(self, source: gzip.GzipFile, *arguments: str) -> None:
        """Run Docker Compose with a file as its input."""
        command = [*self._command, *arguments]
        # If it ends early, its status and its message say why.
        with suppress(BrokenPipeError), subprocess.Popen(command, stdin=subprocess.PIPE) as process:
            assert process.stdin
            shutil.copyfileobj(source, process.stdin)
        _require_success(arguments, process.returncode)

    def containers(self, service: str, *options: str) -> list[str]:
        """Return the IDs of a service's containers; with `--all`, also of those that have ended."""
        return self.read("ps", "--quiet", *options, service).split()

    def start_another(self, service: str) -> str:
        """Start one more container of a service, and return its ID; those that run stay as they are."""
        # One that has ended would be started again instead.
        self.run("rm", "--force", service)
        before = self.containers(service)
        scale = f"--scale={service}={len(before) + 1}"
        self.run("up", "--detach", "--no-deps", "--no-recreate", "--no-build", scale, service)
        (new,) = set(self.containers(service, "--all")) - set(before)
        return new


def release(tag: str, timeout: float, *, is_new: bool) -> None:
    """Replace the containers by those of a release; a new one is built, and migrates before."""
    if not TAG.fullmatch(tag):
        raise Failed("Say which tag, in lower case: make release TAG=1.1.0")
    stack = Stack(tag)
    if is_new:
        stack.run("build")
    elif missing := [image for image in stack.images if not docker("images", "--quiet", image)]:
        raise Failed(f"There is no image {missing[0]}. `docker images` lists the releases that are left.")
    stack.run("up", "--detach", "--wait", "--no-deps", "--no-build", *stack.servers)
    if is_new:
        try:
            migrate(stack)
        except Failed as failure:
            raise Failed(f"{failure} The old release still serves. Release a mended tag.") from failure
    for service in stack.replaceable:
        replace(stack, service, timeout)
    remember(tag)
    remove_old_images(stack)
    print(f"Released {tag}.")


def remember(tag: str) -> None:
    """Write the tag to deploy/.env, from which Docker Compose reads it."""
    text, count = re.subn(r"(?m)^RELEASE=.*$", f"RELEASE={tag}", ENVIRONMENT.read_text())
    ENVIRONMENT.write_text(text if count else f"{text}RELEASE={tag}\n")


def migrate(stack: Stack) -> None:
    """Run the migrations one after the other."""
    for job in stack.jobs:
        try:
            stack.run("run", "--rm", "--no-deps", "--no-TTY", job)
        except Failed as failure:
            raise Failed(f"{job} failed; its log is above.") from failure


def replace(stack: Stack, service: str, timeout: float) -> None:
    """Replace the containers of a service, each of them when a new one is healthy."""
    copies = int(stack.services[service].get("deploy", {}).get("replicas", 1))
    old = stack.containers(service)
    for number in range(max(copies, len(old))):
        if number < copies:
            wait_until_healthy(service, stack.start_another(service), timeout)
        if number < len(old):
            # It finishes its requests within the grace period of the service.
            docker("stop", old[number])
            docker("rm", old[number])
    print(f"{service}: {copies} started, {len(old)} replaced", flush=True)


def wait_until_healthy(service: str, container: str, timeout: float) -> None:
    """Wait until a container is healthy; remove it if it does not become healthy."""
    deadline = time.monotonic() + timeout
    while not is_healthy(container):
        if time.monotonic() > deadline:
            print(docker("logs", "--tail", "20", container), file=sys.stderr)
            docker("rm", "--force", container)
            raise Failed(
                f"{service} did not become healthy within {timeout:.0f} s; its log is above. "
                "The old release still serves. Release a mended tag or roll back."
            )
        time.sleep(POLL_SECONDS)


def is_healthy(container: str) -> bool:
    """Whether the health check of a container succeeds."""
    return docker("inspect", "--format", "{{.State.Health.Status}}", container) == "healthy"


def remove_old_images(stack: Stack) -> None:
    """Remove all but the newest images, which would fill the disk."""
    for image in stack.images:
        name = image.rpartition(":")[0]
        # The newest first.
        found = docker("images", "--format", "{{.Repository}}:{{.Tag}}", name).split()
        for old in [each for each in found if each != image][KEPT_IMAGES - 1 :]:
            docker("rmi", old)


def backup(stack: Stack, keep: int) -> Path:
    """Save all data of one moment to a compressed file, delete the oldest files, and return the new one."""
    kind = kind_of_database(stack)
    BACKUPS.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = BACKUPS / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}{SUFFIXES[kind]}"
    partial = path.with_suffix(".partial")
    try:
        with gzip.open(partial, "wb", compresslevel=6) as file, without_events(stack):
            stack.save(file, "exec", "--no-TTY", DATABASE, "sh", "-euc", DUMPS[kind])
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    for old in sorted(BACKUPS.glob("*.gz"))[:-keep]:
        old.unlink()
    return path


@contextmanager
def without_events(stack: Stack) -> Iterator[None]:
    """Let no request in during the block, and begin when all events are handled, in a shop with a broker."""
    if BROKER not in stack.services:
        yield
        return
    stack.run("stop", EDGE)
    try:
        stack.run("run", "--rm", "--no-deps", "--no-TTY", TOPICS, "wait-until-idle")
        yield
    finally:
        stack.run("start", EDGE)


def restore(stack: Stack, path: Path, rebuilt: str | None) -> None:
    """Replace all data by those of a backup, and start the release that ran before."""
    kind = kind_of_database(stack)
    check(path, SUFFIXES[kind])
    stack.run("stop", *stack.replaceable)
    with gzip.open(path) as file:
        if kind == "postgres":
            stack.run("stop", DATABASE)
            command = ("run", "--rm", "--no-deps", "--no-TTY", "--entrypoint=sh", DATABASE, "-euc")
            stack.load(file, *command, POSTGRESQL_FILES)
        else:
            stack.load(file, "exec", "--no-TTY", DATABASE, "sh", "-euc", MYSQL_STATEMENTS)
    if BROKER in stack.services:
        stack.run("stop", BROKER)
        stack.run("run", "--rm", "--no-deps", "--no-TTY", "--entrypoint=sh", BROKER, "-euc", NO_TOPICS)
    stack.run("up", "--detach", "--wait", "--no-deps", "--no-build", *stack.servers)
    if CACHE in stack.services:
        # It has entries that are newer than the data.
        stack.run("restart", CACHE)
    # The backup may be older than the code.
    migrate(stack)
    if rebuilt:
        stack.run("run", "--rm", "--no-deps", "--no-TTY", rebuilt, "rebuild")
    stack.run("up", "--detach", "--wait", "--no-deps", "--no-build", *stack.replaceable)


def check(path: Path, suffix: str) -> None:
    """Raise if a backup is of another database or cannot be read to its end, before anything is replaced."""
    if not path.name.endswith(suffix):
        raise Failed(f"Say which backup, a file that ends with {suffix}: make restore BACKUP=var/backups/...")
    try:
        with gzip.open(path) as file:
            while file.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error) as error:
        raise Failed(f"{path} cannot be read: {error}. Restore another backup.") from error


def kind_of_database(stack: Stack) -> str:
    """Return the name of the database's image, without the registry that it comes from."""
    return str(stack.services[DATABASE]["image"]).rpartition("/")[2].partition(":")[0]


def docker(*arguments: str) -> str:
    """Run Docker, and return what it prints."""
    done = subprocess.run(["docker", *arguments], stdout=subprocess.PIPE, text=True, check=False)
    _require_success(arguments, done.returncode)
    return done.stdout.strip()


def _require_success(arguments: Sequence[str], status: int) -> None:
    if status:
        raise Failed(f"docker {arguments[0]} failed with status {status}; its message is above.")


if __name__ == "__main__":
    sys.exit(main())
