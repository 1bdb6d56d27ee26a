"""Checks of a Compose file: hardening, references, secrets and exposed ports."""

import re
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.servers.process import program

from .manifests import pinned

Compose = dict[str, Any]

VARIABLE = re.compile(r"\$\{(\w+)(:[-?])?[^}]*\}")
SECRET = re.compile(r"PASSWORD|SECRET|SIGNING_KEYS|SERVICE_KEY|TOKEN")
SHELL_LESS = ("collector", "jaeger")
"""Images with only their program, without a tool for a health check."""
WRITABLE = ("keycloak",)
"""Services with a writable file system: Keycloak's development mode writes to its installation."""


def hardening(compose: Compose) -> list[str]:
    """Return services with more privileges than they need."""
    problems = []
    built = {service["image"] for service in compose["services"].values() if "build" in service}
    for name, service in compose["services"].items():
        if service.get("read_only") is not True and name not in WRITABLE:
            problems.append(f"{name}: its root file system is writable")
        if service.get("cap_drop") != ["ALL"]:
            problems.append(f"{name}: keeps capabilities")
        if "no-new-privileges:true" not in service.get("security_opt", []):
            problems.append(f"{name}: may gain privileges")
        if not {"cpus", "memory"} <= service.get("deploy", {}).get("resources", {}).get("limits", {}).keys():
            problems.append(f"{name}: has no limits")
        if service["image"] not in built and not pinned(service["image"]):
            problems.append(f"{name}: {service['image']} is not pinned")
    return problems


def health(compose: Compose) -> list[str]:
    """Return servers without a cheap health check, jobs with one, and waits for services without one."""
    problems = []
    services = compose["services"]
    checked = {name for name, service in services.items() if "test" in service.get("healthcheck", {})}
    for name, service in services.items():
        is_job = service.get("restart") == "no"
        if is_job and name in checked:
            problems.append(f"{name}: a job has the health check of a server")
        if not is_job and name not in checked and name not in SHELL_LESS:
            problems.append(f"{name}: has no health check")
        if name in checked and "python" in service["healthcheck"]["test"]:
            problems.append(f"{name}: starts Python for each health check")
    for name, service in services.items():
        for other, wait in service.get("depends_on", {}).items():
            if other not in services:
                problems.append(f"{name}: depends on {other}, which does not exist")
            elif wait["condition"] == "service_healthy" and other not in checked:
                problems.append(f"{name}: waits for the health of {other}, which has none")
            elif (wait["condition"] == "service_completed_successfully") != (
                services[other].get("restart") == "no"
            ):
                problems.append(f"{name}: waits for {other} in the wrong way")
    return problems


def exposure(compose: Compose) -> list[str]:
    """Return ports other than the edge's, ports open to the network, and databases the edge can reach."""
    problems = []
    services = compose["services"]
    networks = compose["networks"]
    for name, service in services.items():
        for port in service.get("ports", []):
            if name != "edge" or not port.startswith("127.0.0.1:"):
                problems.append(f"{name}: opens {port}")
        if name != "edge" and any(not networks[each].get("internal") for each in service["networks"]):
            problems.append(f"{name}: is on a network that leads outside")
    for name in {"database", "cache", "broker"} & services.keys():
        if "front" in services[name]["networks"]:
            problems.append(f"{name}: is on the network of the edge")
    return problems


def references(compose: Compose, files: Collection[str]) -> list[str]:
    """Return undeclared or unused networks and volumes, and missing mounted files."""
    problems = []
    used: dict[str, set[str]] = {"networks": set(), "volumes": set()}
    for name, service in compose["services"].items():
        used["networks"] |= set(service.get("networks", []))
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if not source.startswith("."):
                used["volumes"].add(source)
            elif not _exists(source, files):
                problems.append(f"{name}: mounts {source}, which does not exist")
    for kind, names in used.items():
        declared = set(compose.get(kind, {}))
        problems += [f"{kind}: {name} is not declared" for name in names - declared]
        problems += [f"{kind}: {name} is not used" for name in declared - names]
    return problems


def secrets(compose: Compose, documented: Collection[str]) -> list[str]:
    """Return secrets in the file, undocumented variables, and unused documented ones."""
    problems = []
    for place, key, value in _leaves(compose, ()):
        if (
            SECRET.search(key)
            and not VARIABLE.search(str(value))
            and not str(value).startswith(("yes", "true"))
        ):
            problems.append(f"{place}: a secret is written here")
    used = {match[1] for _, _, value in _leaves(compose, ()) for match in VARIABLE.finditer(str(value))}
    problems += [f"{name}: is not in env.example" for name in sorted(used - set(documented))]
    problems += [f"{name}: is in env.example and nothing uses it" for name in sorted(set(documented) - used)]
    return problems


def builds(compose: Compose) -> list[str]:
    """Return images that are built twice, or that a service without `build` would pull."""
    services = compose["services"].values()
    built = [service["image"] for service in services if "build" in service]
    problems = [
        f"{image}: is built {built.count(image)} times" for image in {*built} if built.count(image) > 1
    ]
    for name, service in compose["services"].items():
        is_local = service["image"].endswith(":local")
        if is_local and service["image"] not in built:
            problems.append(f"{name}: nothing builds {service['image']}")
        if is_local and "build" not in service and service.get("pull_policy") != "never":
            problems.append(f"{name}: pulls {service['image']}, which is built here")
    return problems


def old_syntax(compose: Compose) -> list[str]:
    """Return top-level keys that docker-compose 1.29 or Compose v2 rejects."""
    return [f"top-level `{key}`" for key in ("name", "version", "include") if key in compose]


def merged(folder: Path, second: str = "compose.trial.yaml") -> Compose:
    """Return what the installed Compose makes of compose.yaml and a second file; skip without Compose."""
    command = [program("docker-compose"), "--project-directory", str(folder)]
    with TemporaryDirectory() as temporary:
        variables = Path(temporary, "env")
        variables.write_text(re.sub(r"(?m)=$", "=x", (folder / "env.example").read_text()))
        command += ["--env-file", str(variables)]
        for name in ("compose.yaml", second):
            file = Path(temporary, name.replace("/", "-"))
            # docker-compose 1.29, which knows all else, has no `start_interval` and no `!reset`.
            text = re.sub(r"(?m)^ *start_interval: .*\n", "", (folder / name).read_text())
            file.write_text(text.replace("!reset ", ""))
            command += ["--file", str(file)]
        done = subprocess.run([*command, "config"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    document: Compose = yaml.load(done.stdout, yaml.CSafeLoader)
    return document


def _exists(source: str, files: Collection[str]) -> bool:
    path = str(PurePosixPath("deploy") / source)
    return path in files or any(file.startswith(path + "/") for file in files)


def _leaves(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, path)
    else:
        yield ".".join(path), path[-1], node
