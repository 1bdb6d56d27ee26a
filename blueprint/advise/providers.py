"""Providers: names and limits of their products, what they promise, and what hosts contain."""

from functools import cache
from typing import Literal, NamedTuple

from blueprint.advise.capacity_plan import Database
from blueprint.advise.datafiles import load

MACHINE, PLATFORM, CONTAINERS, KUBERNETES = "machine", "platform", "containers", "kubernetes"
HOSTS = (MACHINE, PLATFORM, CONTAINERS, KUBERNETES)
"""Kinds of hosts, in the order of what they demand of the people who run them."""


def product(cloud: str, host: str) -> str:
    """Return the name of the product that is this kind of host on a cloud."""
    name: str = load("providers")["products"][cloud][host]
    return name


def service_level(cloud: str, part: str) -> float:
    """Return the monthly uptime that the provider promises for a part, as a share."""
    percent: float = load("providers")["service_levels"][cloud][part]["percent"]
    return percent / 100


def database_volume_gb(cloud: str) -> float:
    """Return the largest volume of a managed PostgreSQL server in GB."""
    limit: float = load("providers")["limits"][cloud]["database_volume_gb"]["value"]
    return limit


class HostDefinition(NamedTuple):
    """What a kind of host contains on a cloud.

    `stores` says who runs database, cache and broker. `rents` is what is billed beside application and
    stores, `promises` the parts whose agreements count. `definition` is the file of a generated project that
    describes the deployment, or None.
    """

    stores: Literal["own", "platform", "managed"]
    rents: tuple[str, ...]
    promises: tuple[str, ...]
    definition: str | None


@cache
def host_definition(cloud: str, host: str) -> HostDefinition:
    """Return what a kind of host contains on a cloud."""
    row = load("hosts")["hosts"][host]
    included = row.get("included", {}).get(cloud, ())
    rents, promises = (
        tuple(part for part in row[key] if part not in included) for key in ("rents", "promises")
    )
    definition = row["definition"]
    if isinstance(definition, dict):
        definition = definition.get(cloud)
    return HostDefinition(row["stores"], rents, promises, definition)


def database_class(cloud: str, database: Database) -> str:
    """Return the class of a managed database server as the provider calls it."""
    classes = load("providers")["database_classes"][cloud]
    if database.small:
        return str(classes["small"])
    family = classes["memory" if database.memory_class else "general"]
    return f"{family}.{dict(classes['sizes'])[database.vcpu]}"


class ServerClass(NamedTuple):
    """A class of managed database servers, as `Database` describes it."""

    vcpu: int
    memory_class: bool = False
    small: bool = False


def server_class(cloud: str, name: str) -> ServerClass | None:
    """Return the class of a managed database server that the provider calls so, if it has a price."""
    classes = load("providers")["database_classes"].get(cloud)
    if classes is None:
        return None
    if name == classes["small"]:
        return ServerClass(classes["sizes"][0][0], small=True)
    family, _, size = name.rpartition(".")
    vcpu = {label: number for number, label in classes["sizes"]}.get(size)
    if vcpu is None or family not in (classes["general"], classes["memory"]):
        return None
    return ServerClass(vcpu, memory_class=family == classes["memory"])


def cache_node_mib(cloud: str, name: str) -> int | None:
    """Return the memory of a node of a managed cache in MiB, if its type is known."""
    memory: int | None = load("providers")["cache_nodes"].get(cloud, {}).get(name)
    return memory
