"""Cost of compute: nodes, containers, one machine or the processes of a platform."""

import math
from collections.abc import Callable, Mapping

from blueprint.advise.capacity_plan import CapacityPlan, Service
from blueprint.advise.cost.lines import Line, Rates, Workload
from blueprint.advise.datafiles import constants
from blueprint.advise.prices import Machine
from blueprint.advise.providers import CONTAINERS, KUBERNETES, MACHINE, PLATFORM

FILE = "cost"
MIB_PER_GIB = 1024


def compute_lines(work: Workload, rates: Rates) -> list[Line]:
    """Return the lines of whatever runs the application."""
    return _BY_HOST[rates.host](work, rates)


def smallest_machine(work: Workload, machines: tuple[Machine, ...]) -> Machine | None:
    """Return the cheapest machine that runs everything, or None if none is large enough."""
    mean = _vcpu(sum(service.cores_mean for service in work.plan.services))
    peak = _vcpu(sum(service.cores_peak for service in work.plan.services))
    memory = machine_memory_gib(work)
    for machine in machines:
        if machine.sustained >= mean and machine.vcpu >= peak and machine.gib >= memory:
            return machine
    return None


def machine_memory_gib(work: Workload) -> float:
    """Return the memory of one machine for all processes and their servers, in GiB."""
    m = constants("machine", FILE)
    processes = sum(service.copies for service in work.plan.services) + m["release_copies"]
    replicas = processes * work.plan.memory_mib / MIB_PER_GIB
    broker = m["broker_gib"] if work.plan.broker else 0.0
    observability = m["observability_gib"] if work.observed else 0.0
    fixed = m["system_gib"] + m["edge_gib"] + m["tls_gib"] + machine_database_gib(work.plan)
    return float(fixed + replicas + broker + observability)


def machine_database_gib(plan: CapacityPlan) -> float:
    """Return the memory of the database server on one machine, in GiB."""
    is_small = all(database.small for database in plan.databases)
    return float(constants("machine", FILE)["small_database_gib" if is_small else "database_gib"])


def _vcpu(cores: float) -> float:
    """Return the vCPU for application and database if the application keeps `cores` busy."""
    ratio: float = constants("machine", FILE)["database_cpu_ratio"]
    utilization: float = constants("replica")["utilization"]
    return cores * ratio / utilization


def disk_gb(plan: CapacityPlan) -> float:
    """Return the disk of one machine for the data and the system, in GB."""
    m = constants("machine", FILE)
    return float(m["system_disk_gb"] + used_gb(plan) / m["disk_share"])


def used_gb(plan: CapacityPlan) -> float:
    """Return the data and the retained events of one machine in GB."""
    return sum(d.storage_gb for d in plan.databases) + (plan.broker.storage_gb if plan.broker else 0.0)


def _machine(work: Workload, rates: Rates) -> list[Line]:
    machines = rates.prices.machines[rates.cloud]
    machine = smallest_machine(work, machines) or machines[-1]
    disk, used = disk_gb(work.plan), used_gb(work.plan)
    copies = constants("database", FILE)["backup_ratio"][rates.level]
    return [
        Line("compute", "machine", rates.hours * machine.usd, machine.sku, "machine", machine.verified),
        rates.line("database", "disk", "machine_disk_gb", disk),
        rates.line("database", "snapshots", "snapshot_gb", used * copies),
        rates.hourly("network", "address", "machine_address", 1),
    ]


def _platform(work: Workload, rates: Rates) -> list[Line]:
    return [rates.line("compute", "processes", "platform_process", replicas_over_day(work.plan, rates))]


def _containers(work: Workload, rates: Rates) -> list[Line]:
    c = constants("compute", FILE)
    step = c["container_step_vcpu"]
    vcpu = math.ceil(work.plan.cpu_millicores / 1000 / step) * step
    gib = max(work.plan.memory_mib / MIB_PER_GIB, vcpu * c["container_gib_per_vcpu"])
    replicas = replicas_over_day(work.plan, rates)
    return [
        rates.hourly("compute", "containers, vCPU", "container_vcpu", replicas * vcpu),
        rates.hourly("compute", "containers, memory", "container_gib", replicas * gib),
    ]


def _kubernetes(work: Workload, rates: Rates) -> list[Line]:
    nodes = _nodes(work.plan, rates)
    return [
        rates.hourly("compute", "nodes", "node", nodes),
        rates.hourly("compute", "control plane", "control_plane", 1),
    ]


def _nodes(plan: CapacityPlan, rates: Rates) -> float:
    """Return the average number of nodes: for the peak in the busy hours, else for the mean; at least two."""
    replicas = replicas_over_day(plan, rates)
    return nodes_for(replicas * plan.cpu_millicores / 1000, replicas * plan.memory_mib / MIB_PER_GIB, rates)


def nodes_for(cores: float, gib: float, rates: Rates) -> float:
    """Return the nodes of a cluster that hold these requests in cores and GiB: at least one in each zone."""
    allocatable, node = constants("compute", FILE)["allocatable"], rates.of("node")
    by_cpu, by_memory = cores / (node.vcpu * allocatable), gib / (node.gib * allocatable)
    return float(max(constants("network", FILE)["zones"], by_cpu, by_memory))


def replicas_over_day(plan: CapacityPlan, rates: Rates) -> float:
    """Return the average number of replicas of all services over a day, at the utilization of the level."""
    factor = size_factor(rates)
    return sum(
        over_day(
            _replicas(s, s.slots_mean, s.copies, factor), _replicas(s, s.slots_peak, s.copies_at_peak, factor)
        )
        for s in plan.services
    )


def over_day(at_mean: float, at_peak: float) -> float:
    """Return the average over a day of what is needed at the mean rate and in the busy hours."""
    peak_share: float = constants("compute", FILE)["peak_share"]
    return (1 - peak_share) * at_mean + peak_share * at_peak


def size_factor(rates: Rates) -> float:
    """Return how much larger everything is at the utilization of the level than at the planned one."""
    planned: float = constants("replica")["utilization"]
    utilization: Mapping[str, float] = constants("levels", FILE)["utilization"]
    return planned / utilization[rates.level]


def _replicas(service: Service, slots: int, planned: int, factor: float) -> int:
    """Return the replicas at another utilization: the planned ones, plus or minus the change in slots."""
    workers: int = constants("replica")["workers"]
    change = math.ceil(slots * factor / workers) - math.ceil(slots / workers)
    kinds = 2 if service.workers else 1
    return max(kinds * min(2, service.replicas), planned + change)


_BY_HOST: Mapping[str, Callable[[Workload, Rates], list[Line]]] = {
    MACHINE: _machine,
    PLATFORM: _platform,
    CONTAINERS: _containers,
    KUBERNETES: _kubernetes,
}
