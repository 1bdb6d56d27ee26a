"""Stand-in for Docker and its Compose: containers are processes of this machine, or only entries of a file.

Its folder is in STANDIN. `programs.json` there says for a service what to run: `command`, `variables`,
`user`, `folder`, the `ports` that its containers take in turn, the `ready` path, and the `signal` that ends
it. What runs within a container has the same variables. A service without a `command` is only an entry.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import yaml

FOLDER = Path(os.environ["STANDIN"])
STATE = FOLDER / "containers.json"
PROGRAMS: dict[str, Any] = json.loads((FOLDER / "programs.json").read_text())
GRACE_SECONDS = 40


def main(arguments: list[str]) -> int:
    """Run one command of Docker and return its exit code."""
    with (FOLDER / "calls").open("a") as calls:
        calls.write(f"{' '.join(arguments)}\n")
    if arguments[0] == "compose":
        files = [each.removeprefix("--file=") for each in arguments if each.startswith("--file=")]
        return compose(files, arguments[1 + len(files) :])
    containers = read()
    match arguments:
        case ["inspect", "--format", "{{.State.Health.Status}}", name]:
            print("healthy" if is_healthy(containers[name]) else "starting")
        case ["stop", name]:
            stop(containers[name])
        case ["rm", *options, name]:
            if options == ["--force"]:
                stop(containers[name])
            del containers[name]
            STATE.write_text(json.dumps(containers))
        case ["logs", "--tail", "20", name]:
            print(f"the log of {containers[name]['service']}")
        case ["images", "--quiet", image]:
            print("\n".join(each for each in images() if each == image))
        case ["images", "--format", _, name]:
            print("\n".join(each for each in reversed(images()) if each.rpartition(":")[0] == name))
        case ["rmi", image]:
            (FOLDER / "images").write_text("".join(f"{each}\n" for each in images() if each != image))
        case _:
            raise AssertionError(arguments)
    return 0


def compose(files: Sequence[str], arguments: list[str]) -> int:
    """Run one command of Docker Compose and return its exit code."""
    options = [each for each in arguments if each.startswith("--")]
    match [each for each in arguments if not each.startswith("--")]:
        case ["config", "json"]:
            print(json.dumps({"services": services_of(files)}))
        case ["build"]:
            built = [each["image"] for each in services_of(files).values() if "build" in each]
            with (FOLDER / "images").open("a") as file:
                file.writelines(f"{each}\n" for each in built)
        case ["ps", service]:
            of = [name for name, each in read().items() if each["service"] == service]
            print("\n".join(each for each in of if "--all" in options or not has_ended(read()[each])))
        case ["rm", service]:
            kept = {
                name: each
                for name, each in read().items()
                if service != each["service"] or not has_ended(each)
            }
            STATE.write_text(json.dumps(kept))
        case ["up", *names]:
            services = services_of(files)
            copies = {name: int(services[name].get("deploy", {}).get("replicas", 1)) for name in names}
            for found in map(re.compile("--scale=(.*)=(.*)").fullmatch, options):
                copies |= {found[1]: int(found[2])} if found else {}
            for name in names:
                start(name, services[name], copies[name])
                if "--wait" in options:
                    wait(name)
        case ["stop", *names]:
            for each in read().values():
                if each["service"] in names:
                    stop(each)
        case ["start", name]:
            start(name, services_of(files)[name], 1)
        case ["restart", name]:
            assert any(runs(each, name) for each in read().values()), name
        case ["exec", name, "sh", "-euc", script]:
            assert any(runs(each, name) for each in read().values()), name
            execute(PROGRAMS[name], ["sh", "-euc", script])
        case ["run", name, "-euc", script]:
            assert not any(runs(each, name) for each in read().values()), name
            if name in PROGRAMS:
                execute(PROGRAMS[name], ["sh", "-euc", script])
        case ["run", name, *_]:
            if os.environ.get("FAILING") == name:
                return 1
            if name in PROGRAMS:
                execute(PROGRAMS[name], PROGRAMS[name]["command"])
        case _:
            raise AssertionError(arguments)
    return 0


def services_of(files: Sequence[str]) -> dict[str, Any]:
    """Return the services of Compose files, with the tag of the images."""
    merged: dict[str, Any] = {}
    tag = os.environ.get("RELEASE") or recorded_tag(Path(files[0]).with_name(".env"))
    for file in files:
        text = Path(file).read_text().replace("!reset ", "")
        document = yaml.load(text.replace("${RELEASE:-local}", tag), yaml.CSafeLoader)
        for name, service in document["services"].items():
            merged[name] = merged.get(name, {}) | service
    return merged


def recorded_tag(variables: Path) -> str:
    """Return the tag in the file of variables."""
    (tag,) = re.findall(r"(?m)^RELEASE=(.*)$", variables.read_text())
    return str(tag)


def read() -> dict[str, Any]:
    """Return the containers by their ID."""
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def images() -> list[str]:
    """Return the images, the oldest first."""
    return (FOLDER / "images").read_text().split() if (FOLDER / "images").exists() else []


def runs(container: dict[str, Any], service: str) -> bool:
    """Whether a container belongs to a service and has not ended."""
    return container["service"] == service and not has_ended(container)


def has_ended(container: dict[str, Any]) -> bool:
    """Whether the process of a container has ended; a mere entry ends when it is stopped."""
    if container["process"] is None:
        return (FOLDER / f"{container['number']}.stopped").exists()
    with suppress(FileNotFoundError):
        return Path(f"/proc/{container['process']}/stat").read_text().rpartition(") ")[2][0] == "Z"
    return True


def start(name: str, service: dict[str, Any], copies: int) -> None:
    """Start containers of a service until there are so many."""
    containers = read()
    running = [each for each in containers.values() if not has_ended(each)]
    for _ in range(copies - sum(each["service"] == name for each in running)):
        number = len(list(FOLDER.glob("*.log")))
        container = {"service": name, "image": service["image"], "number": number, "process": None, "port": 0}
        log = FOLDER / f"{number}.log"
        log.touch()
        program = PROGRAMS.get(name, {})
        if "command" in program:
            taken = [each["port"] for each in running]
            container["port"] = next(each for each in program["ports"] if each not in taken)
            words = [each.replace("PORT", str(container["port"])) for each in program["command"]]
            with log.open("wb") as output:
                container["process"] = subprocess.Popen(
                    words,
                    env=program["variables"] | {"TAG": service["image"].rpartition(":")[2]},
                    user=program["user"],
                    cwd=program["folder"],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                ).pid
        if os.environ.get("CRASHING") == name:
            (FOLDER / f"{number}.stopped").touch()
        containers[f"{name}-{number}"] = container
        running.append(container)
    STATE.write_text(json.dumps(containers))


def stop(container: dict[str, Any]) -> None:
    """End the process of a container; kill it after the grace period."""
    if container["process"] is None:
        (FOLDER / f"{container['number']}.stopped").touch()
        return
    how: int = signal.Signals[PROGRAMS[container["service"]]["signal"]]
    deadline = time.monotonic() + GRACE_SECONDS
    while not has_ended(container):
        with suppress(ProcessLookupError):
            os.kill(container["process"], how)
        how = signal.SIGKILL if time.monotonic() > deadline else 0
        time.sleep(0.05)


def wait(name: str) -> None:
    """Wait until all containers of a service are healthy."""
    while not all(is_healthy(each) for each in read().values() if runs(each, name)):
        time.sleep(0.1)


def is_healthy(container: dict[str, Any]) -> bool:
    """Whether a container answers on its port, with success if it has a path for that."""
    if container["process"] is None:
        return not has_ended(container) and os.environ.get("UNHEALTHY") != str(container["service"])
    path = PROGRAMS[container["service"]]["ready"]
    with suppress(OSError, http.client.HTTPException):
        if not path:
            socket.create_connection(("127.0.0.1", container["port"]), timeout=1).close()
            return True
        connection = http.client.HTTPConnection("127.0.0.1", container["port"], timeout=5)
        connection.request("GET", path)
        return connection.getresponse().status == 200
    return False


def execute(program: dict[str, Any], command: list[str]) -> None:
    """Run a command with the variables of a program; exit if it fails."""
    done = subprocess.run(
        command, env=program["variables"], user=program["user"], cwd=program["folder"], check=False
    )
    if done.returncode:
        fail(done.returncode)


def fail(status: int) -> NoReturn:
    """Exit with the status of what has failed."""
    sys.exit(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
