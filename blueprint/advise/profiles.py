"""Measured profiles of the generated shops: CPU time, latency and memory by kind of request.

`make bench` in a generated project measures them; those that come with blueprint are in data/demands.yaml.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from blueprint.advise.datafiles import load, read_data
from blueprint.advise.errors import MeasurementError

KINDS = ("browse", "search", "cart", "read", "order", "login")
LATENCIES = (*KINDS, "order_end")
PERCENTILES = ("mean", "p50", "p95", "p99")
SERVERS = ("database", "cache", "broker")
EXAMPLE = "Run `make bench` in a generated project to write such a file."

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What one shop was measured to need. Two profiles are equal only if they are the same object.

    `cpu_ms` has CPU ms per request by kind and process, `rest_cpu_ms` CPU ms per second at rest by process,
    `unloaded_ms` the percentiles in ms of a quiet shop, `memory_mib` MiB of one process under load,
    `statements` the database statements of one request, with those that begin and end transactions.
    """

    pattern: str
    source: str
    cpu_ms: Mapping[str, Row]
    rest_cpu_ms: Row
    unloaded_ms: Mapping[str, Row]
    memory_mib: Row
    statements: Row

    def cpu_of(self, kind: str, parts: Iterable[str]) -> float:
        """Return the CPU time in ms of one request of this kind in these processes together."""
        row = self.cpu_ms.get(kind, {})
        return sum(row.get(part, 0.0) for part in parts)

    @property
    def parts(self) -> list[str]:
        """Processes of the shop itself, without its servers."""
        return [name for name in self.memory_mib if name not in SERVERS]


@cache
def default_profiles() -> Mapping[str, Profile]:
    """Return the profiles by pattern that come with blueprint."""
    return {name: _profile(name, row, "demands.yaml") for name, row in load("demands")["patterns"].items()}


def profiles_from(*paths: Path) -> Mapping[str, Profile]:
    """Return the profiles with those of some files in place of the defaults. Raises MeasurementError."""
    measured: dict[str, Profile] = {}
    for path in paths:
        for name, profile in _profiles_in(path).items():
            if name in measured:
                raise MeasurementError(
                    f"{path}: patterns.{name}: {measured[name].source} measured the same pattern",
                    hint="Give one file for each pattern.",
                )
            measured[name] = profile
    return {**default_profiles(), **measured}


def _profiles_in(path: Path) -> Mapping[str, Profile]:
    document = read_data(path, MeasurementError, EXAMPLE, EXAMPLE)
    rows = document.get("patterns") if isinstance(document, dict) else None
    if not isinstance(rows, dict) or not rows:
        raise MeasurementError(f"{path}: `patterns:` is missing", hint=EXAMPLE)
    known = default_profiles()
    for name in rows:
        if name not in known:
            hint = f"Known patterns: {', '.join(known)}."
            raise MeasurementError(f"{path}: patterns.{name}: unknown pattern", hint=hint)
    return {name: _checked(path, name, row) for name, row in rows.items()}


def _checked(path: Path, name: str, row: object) -> Profile:
    where = f"{path}: patterns.{name}"
    if not isinstance(row, dict):
        raise MeasurementError(f"{where}: expected a mapping", hint=EXAMPLE)
    for section, keys in (("cpu_ms", KINDS), ("unloaded_ms", LATENCIES)):
        for kind in keys:
            # A shop with an identity provider has no login.
            if kind != "login" and not isinstance((row.get(section) or {}).get(kind), dict):
                raise MeasurementError(f"{where}.{section}.{kind} is missing", hint=EXAMPLE)
    for kind, latency in row["unloaded_ms"].items():
        for percentile in PERCENTILES:
            if not isinstance(latency, dict) or percentile not in latency:
                raise MeasurementError(f"{where}.unloaded_ms.{kind}.{percentile} is missing", hint=EXAMPLE)
    for section in ("rest_cpu_ms", "memory_mib"):
        if not isinstance(row.get(section), dict):
            raise MeasurementError(f"{where}.{section} is missing", hint=EXAMPLE)
    try:
        profile = _completed(_profile(name, row, str(path)), default_profiles()[name])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MeasurementError(f"{where}: a value is not the number that it must be", hint=EXAMPLE) from error
    if not set(profile.parts) >= set(default_profiles()[name].parts):
        missing = ", ".join(sorted(set(default_profiles()[name].parts) - set(profile.parts)))
        raise MeasurementError(f"{where}.memory_mib: {missing} was not measured", hint=EXAMPLE)
    return profile


def _completed(profile: Profile, usual: Profile) -> Profile:
    """Return a profile with the usual figures of the servers that did not run, and of the statements."""
    absent = [server for server in SERVERS if server not in profile.memory_mib]
    return replace(
        profile,
        cpu_ms={
            kind: {**row, **{server: usual.cpu_of(kind, (server,)) for server in absent}}
            for kind, row in profile.cpu_ms.items()
        },
        statements=profile.statements or usual.statements,
    )


def _profile(name: str, row: Mapping[str, Any], source: str) -> Profile:
    return Profile(
        pattern=name,
        source=source,
        cpu_ms={kind: _numbers(values) for kind, values in row["cpu_ms"].items()},
        rest_cpu_ms=_numbers(row["rest_cpu_ms"]),
        unloaded_ms={kind: _numbers(values) for kind, values in row["unloaded_ms"].items()},
        memory_mib={part: float(values["load"]) for part, values in row["memory_mib"].items()},
        statements=_numbers(row.get("statements") or {}),
    )


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    numbers = {str(key): float(value) for key, value in values.items()}
    if any(not 0 <= number < 1e9 for number in numbers.values()):
        raise ValueError(f"{numbers} has a number below 0 or too large")
    return numbers
