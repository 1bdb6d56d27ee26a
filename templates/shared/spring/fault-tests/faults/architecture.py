"""The services of the shop and who calls whom, as architecture.yaml describes them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Service:
    """A service: the prefixes of its paths, and the other services that it calls."""

    name: str
    paths: tuple[str, ...]
    calls: tuple[str, ...]


_DOCUMENT: dict[str, dict[str, Any]] = yaml.safe_load((PROJECT / "architecture.yaml").read_text())
SERVICE_OF: dict[str, str] = {
    context: name for name, service in _DOCUMENT["services"].items() for context in service["contexts"]
}


def _service(name: str) -> Service:
    contexts = [_DOCUMENT["contexts"][each] for each, home in SERVICE_OF.items() if home == name]
    paths = tuple(path for context in contexts for path in context.get("paths", ()))
    called = {SERVICE_OF[other] for context in contexts for other in context.get("calls", ())}
    return Service(name, paths, tuple(sorted(called - {name})))


SERVICES = tuple(map(_service, _DOCUMENT["services"]))
EDGES = [(service.name, other) for service in SERVICES for other in service.calls]
