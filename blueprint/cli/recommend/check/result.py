"""Result of `blueprint recommend --check`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blueprint.deployment.check import DeploymentCheck, SizedWorkload
from blueprint.deployment.price import Price
from blueprint.errors import ExitStatus

from ...console import Console, pluralize
from .output import DeploymentCheckOutput, DeploymentOutput, PriceOutput, WorkloadOutput

HEAD = ("workload", "replicas", "needed at the peak", "CPU request", "memory request")


@dataclass(frozen=True)
class DeploymentCheckResult:
    """Deployments by path, each compared with the needs in the file `needs`; `left_out` were not."""

    needs: Path | None
    deployments: tuple[tuple[str, DeploymentCheck], ...]
    left_out: tuple[str, ...]

    @property
    def status(self) -> ExitStatus:
        """OK if every need is met, CONFLICTS otherwise."""
        return ExitStatus.OK if self._met else ExitStatus.CONFLICTS

    @property
    def _met(self) -> bool:
        return not any(check.shortfalls for _, check in self.deployments)

    def as_json(self) -> DeploymentCheckOutput:
        """Return every figure."""
        return {
            "needs": str(self.needs) if self.needs else None,
            "met": self._met,
            "deployments": [_deployment(path, check) for path, check in self.deployments],
            "left_out": [*self.left_out],
        }

    def describe(self, console: Console) -> None:
        """Print a table for each deployment, then what it lacks and costs."""
        for path, check in self.deployments:
            console.line(f"{path} ({check.pattern})")
            console.line()
            console.table(HEAD, [_row(sized) for sized in check.workloads])
            console.line()
            for line in _verdict(check):
                console.line(line)
            console.line()
        for path in self.left_out:
            console.line(f"Not compared: {path}. It is not sized for the load; give its path to compare it.")
        console.line(f"Needs: {self.needs or 'the options of this command'}")


def _verdict(check: DeploymentCheck) -> Iterator[str]:
    for shortfall in check.shortfalls:
        yield f"Not met: {shortfall.text}. {shortfall.fix}"
    if check.shortfalls:
        yield f"{pluralize(len(check.shortfalls), 'need')} not met."
    else:
        yield "Every need is met."
    price = check.price
    yield (
        f"It costs {price.total:,.0f} USD a month on {price.cloud}, {_difference(price)} the estimate of "
        f"{price.estimate:,.0f} USD for these needs."
    )
    for note in check.notes:
        yield f"Note: {note}"


def _difference(price: Price) -> str:
    usd = round(price.difference)
    return f"{usd:+,} USD against" if usd else "which is"


def _row(sized: SizedWorkload) -> tuple[str, ...]:
    workload = _workload(sized)
    low, high = workload["minimum"], workload["maximum"]
    cpu, memory = workload["cpu_millicores"], workload["memory_mib"]
    return (
        workload["name"],
        f"{low:,} to {high:,}" if high != low else f"{low:,}",
        f"{workload['needed_at_peak']:,}",
        "none" if cpu is None else f"{cpu:,.0f}m",
        "none" if memory is None else f"{memory:,.0f} MiB",
    )


def _workload(sized: SizedWorkload) -> WorkloadOutput:
    workload, required = sized
    cpu = [pods.cpu for pods in workload.pods if pods.cpu is not None]
    memory = [pods.memory_mib for pods in workload.pods if pods.memory_mib is not None]
    return {
        "name": workload.name,
        "role": workload.role,
        "parts": [*workload.parts],
        "minimum": sum(pods.minimum for pods in workload.pods),
        "maximum": sum(pods.maximum for pods in workload.pods),
        "needed_at_mean": required.at_mean,
        "needed_at_peak": required.at_peak,
        "cpu_millicores": round(min(cpu) * 1000, 3) if cpu else None,
        "memory_mib": round(min(memory), 3) if memory else None,
    }


def _deployment(path: str, check: DeploymentCheck) -> DeploymentOutput:
    return {
        "path": path,
        "pattern": check.pattern,
        "met": not check.shortfalls,
        "workloads": [_workload(sized) for sized in check.workloads],
        "shortfalls": [
            {
                "id": shortfall.id,
                "workload": shortfall.workload,
                "message": shortfall.text,
                "fix": shortfall.fix,
                "required": round(shortfall.required, 3),
                "actual": round(shortfall.actual, 3),
                "unit": shortfall.unit,
            }
            for shortfall in check.shortfalls
        ],
        "price": _price(check.price),
        "notes": [*check.notes],
    }


def _price(price: Price) -> PriceOutput:
    return {
        "cloud": price.cloud,
        "monthly_usd": round(price.total, 2),
        "estimate_usd": round(price.estimate, 2),
        "difference_usd": round(price.difference, 2),
        "groups": {name: round(usd, 2) for name, usd in price.groups.items()},
    }
