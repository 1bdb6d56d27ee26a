"""Providers: the names of their products, what they promise, and the limits of their products."""

from collections.abc import Mapping
from typing import Any

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


def needs_load_balancer(cloud: str, host: str) -> bool:
    """Return whether a load balancer is rented beside this host."""
    return host == KUBERNETES or (host == CONTAINERS and "load_balancer" in _container_service(cloud))


def needs_nat(cloud: str, host: str) -> bool:
    """Return whether outgoing traffic from this host passes a NAT gateway that is billed."""
    return host == KUBERNETES or (host == CONTAINERS and "nat" in _container_service(cloud))


def _container_service(cloud: str) -> list[str]:
    extras: Mapping[str, Any] = load("providers")["container_service_needs"]
    return list(extras[cloud])
