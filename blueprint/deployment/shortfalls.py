"""Needs that a deployment does not meet: copies, CPU and memory of the shop's own workloads."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from blueprint.advise.capacity import ReplicaBounds, fewest_replicas
from blueprint.advise.formatting import count_text
from blueprint.deployment.requirements import (
    Requirements,
    cores_at_target,
    memory_reserve,
    target_utilization,
)
from blueprint.deployment.services import Workload
from blueprint.deployment.sizes import AUTOSCALERS, TASKS, Pods

_TOLERANCE = 1e-9


class _Words(NamedTuple):
    """What one of the pods and its sizes are called in the files that people change."""

    copy: str
    minimum: str
    maximum: str
    target: str
    cpu: str
    memory: str
    unit: str


_OF_TASKS = _Words(
    "task", "tasks_minimum", "tasks_maximum", "task_cpu_target", "task_cpu", "task_memory_mib", ""
)


def _words(pods: Pods) -> _Words:
    if pods.kind == TASKS:
        return _OF_TASKS
    least, most = AUTOSCALERS[pods.autoscaler][:2] if pods.autoscaler else ("replicas", "replicas")
    target, memory = "averageUtilization", "resources.limits.memory"
    return _Words("replica", least, most, target, "the CPU request", memory, "Mi")


class Shortfall(NamedTuple):
    """A need that is not met: what is required and what there is, in `unit`, and what to change."""

    id: str
    workload: str
    text: str
    fix: str
    required: float
    actual: float
    unit: str


def workload_shortfalls(
    workload: Workload, required: ReplicaBounds, needs: Requirements
) -> Iterator[Shortfall]:
    """Yield what a workload lacks."""
    if not workload.pods:
        yield Shortfall(
            "missing",
            workload.name,
            f"the peak needs {count_text(required.at_peak, 'replica')} of {workload.name}, "
            "the manifests have none",
            "Add its Deployment, or give the manifests of the whole shop.",
            required.at_peak,
            0,
            "replicas",
        )
        return
    yield from _too_few(workload, required, needs)
    for pods in workload.pods:
        yield from _cpu(pods)
        yield from _memory(pods, needs.memory_mib(workload.parts))


def _too_few(workload: Workload, required: ReplicaBounds, needs: Requirements) -> Iterator[Shortfall]:
    minimum, maximum = (
        sum(getattr(pods, bound) for pods in workload.pods) for bound in ("minimum", "maximum")
    )
    words, scaled = _words(workload.pods[0]), workload.pods[0].autoscaler is not None
    floor = 1 if needs.plan.single else fewest_replicas(needs.demand.availability)
    if maximum < required.at_peak:
        millicores = round(min(pods.cpu or 0.0 for pods in workload.pods) * 1000)
        each = f" of {millicores:,} millicores" if millicores else ""
        yield Shortfall(
            "replicas-at-peak",
            workload.name,
            f"the peak needs {count_text(required.at_peak, words.copy)} of {workload.name}{each}, "
            f"the maximum is {maximum:,}",
            f"Raise {words.maximum} to {required.most if scaled else required.at_peak:,}.",
            required.at_peak,
            maximum,
            "replicas",
        )
    if minimum < floor:
        yield Shortfall(
            "replicas-always",
            workload.name,
            f"the availability target needs {count_text(floor, words.copy)} of {workload.name} at any time, "
            f"the minimum is {minimum:,}",
            f"Raise {words.minimum} to {floor:,}.",
            floor,
            minimum,
            "replicas",
        )


def _cpu(pods: Pods) -> Iterator[Shortfall]:
    most, words = target_utilization(), _words(pods)
    if not pods.cpu:
        yield Shortfall(
            "cpu-request",
            pods.name,
            f"{pods.name} has no CPU request, so nothing reserves its share of a node",
            "Set resources.requests.cpu.",
            cores_at_target(pods) * 1000,
            0,
            "millicores",
        )
    elif pods.utilization and pods.cpu * pods.utilization > most + _TOLERANCE:
        waits_until = pods.cpu * pods.utilization * 1000
        yield Shortfall(
            "cpu-target",
            pods.name,
            f"the autoscaler adds {words.copy}s of {pods.name} when one uses {waits_until:,.0f} millicores, "
            f"and requests wait from {most * 1000:,.0f} on",
            f"Lower {words.target} to {math.floor(most / pods.cpu * 100)}, or {words.cpu}.",
            most * 1000,
            waits_until,
            "millicores",
        )


def _memory(pods: Pods, measured: float) -> Iterator[Shortfall]:
    required, words = measured * memory_reserve(), _words(pods)
    limit, request = pods.memory_limit_mib, pods.memory_mib
    if limit is not None and limit < required:
        yield Shortfall(
            "memory-limit",
            pods.name,
            f"a process of {pods.name} was measured to use {measured:,.0f} MiB and needs "
            f"{math.ceil(required):,} MiB with a reserve, the limit is {limit:,.0f} MiB",
            f"Raise {words.memory} to {math.ceil(required):,}{words.unit}.",
            math.ceil(required),
            limit,
            "MiB",
        )
    if (request or 0.0) < measured:
        yield Shortfall(
            "memory-request",
            pods.name,
            f"a process of {pods.name} was measured to use {measured:,.0f} MiB, "
            f"the memory request is {request or 0:,.0f} MiB",
            f"Raise resources.requests.memory to {math.ceil(required):,}Mi.",
            math.ceil(measured),
            request or 0.0,
            "MiB",
        )
