"""Monthly price of a deployment: the bill of the estimate, with what the manifests run in its place."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from blueprint.advise.capacity import ReplicaBounds
from blueprint.advise.cost.bill import Bill
from blueprint.advise.cost.compute import MIB_PER_GIB, nodes_for, over_day
from blueprint.advise.cost.lines import GROUPS, Line, Rates
from blueprint.deployment.managed import REPLACED_ROLES, managed_lines
from blueprint.deployment.sizes import Deployed, Managed, Pods, is_broker, is_cache, is_database

_SERVERS = {"database": is_database, "cache": is_cache, "broker": is_broker}


class Price(NamedTuple):
    """A bill in USD a month beside that of the estimate, on the same cloud.

    `managed` servers are not in the manifests and priced as estimated; those `inside` run in the cluster.
    """

    cloud: str
    lines: tuple[Line, ...]
    estimate: float
    managed: tuple[str, ...]
    inside: tuple[str, ...]

    @property
    def total(self) -> float:
        """Total in USD per month."""
        return sum(line.usd for line in self.lines)

    @property
    def groups(self) -> Mapping[str, float]:
        """Total in USD per month of each group of lines."""
        return {name: sum(line.usd for line in self.lines if line.group == name) for name in GROUPS}

    @property
    def difference(self) -> float:
        """How much more than the estimate it is, in USD per month."""
        return self.total - self.estimate


def price_of(
    deployed: Deployed, required: Mapping[Pods, ReplicaBounds], estimate: Bill, rates: Rates
) -> Price:
    """Return the price of a deployment; `required` are the replicas that the load takes, by workload.

    Traffic and logs depend on the demand, so they cost what the estimate says. So do servers that are not in
    the manifests, because they are managed.
    """
    if deployed.managed:
        return _price_of_tasks(deployed.managed, _copies(deployed, required), estimate, rates)
    inside = tuple(group for group, kind in _SERVERS.items() if any(map(kind, deployed.pods)))
    kept = [line for line in estimate.lines if line.group not in inside and line.role != "node"]
    lines = [*kept, *_cluster_lines(deployed, required, rates)]
    lines.sort(key=lambda line: GROUPS.index(line.group))
    managed = tuple(group for group in _SERVERS if any(line.group == group for line in kept))
    return Price(rates.cloud, tuple(lines), estimate.total, managed, inside)


def _cluster_lines(
    deployed: Deployed, required: Mapping[Pods, ReplicaBounds], rates: Rates
) -> Iterator[Line]:
    copies = _copies(deployed, required)
    yield rates.hourly("compute", "nodes", "node", nodes_for(*_reserved(copies), rates))
    stored = deployed.volumes_gb + sum(pods.volume_gb * number for pods, number in copies.items())
    if stored:
        yield rates.line("compute", "volumes", "machine_disk_gb", stored)


def _price_of_tasks(managed: Managed, copies: Mapping[Pods, float], estimate: Bill, rates: Rates) -> Price:
    """Return the price of the tasks of a container service, and of the managed servers beside them."""
    cores, gib = _reserved(copies)
    lines = [
        *(line for line in estimate.lines if line.role not in REPLACED_ROLES),
        rates.hourly("compute", "containers, vCPU", "container_vcpu", cores),
        rates.hourly("compute", "containers, memory", "container_gib", gib),
        *managed_lines(managed, estimate.lines, rates),
    ]
    lines.sort(key=lambda line: GROUPS.index(line.group))
    return Price(rates.cloud, tuple(lines), estimate.total, (), ())


def _copies(deployed: Deployed, required: Mapping[Pods, ReplicaBounds]) -> Mapping[Pods, float]:
    """Return the average number of copies over a day."""
    return {pods: _over_day(pods, required.get(pods)) for pods in deployed.pods}


def _reserved(copies: Mapping[Pods, float]) -> tuple[float, float]:
    """Return the cores and GiB that all copies reserve."""
    return (
        sum(pods.pod_cpu * number for pods, number in copies.items()),
        sum(pods.pod_memory_mib / MIB_PER_GIB * number for pods, number in copies.items()),
    )


def _over_day(pods: Pods, required: ReplicaBounds | None) -> float:
    """Return the average number of copies over a day: what the load takes, within the bounds."""
    if required is None:
        return float(pods.minimum)
    mean, peak = (
        min(pods.maximum, max(pods.minimum, number)) for number in (required.at_mean, required.at_peak)
    )
    return over_day(mean, peak)
