"""Sizes of a managed container service: the variables that a project's files for OpenTofu read."""

from pathlib import Path
from typing import Any

from blueprint.deployment.errors import ManifestsError
from blueprint.deployment.kustomize import documents_in
from blueprint.deployment.sizes import TASKS, Deployed, Managed, Pods

FILE = "sizes.auto.tfvars.json"
"""File with the sizes, which OpenTofu reads by itself."""

CLOUD = "aws"
"""The cloud that generated files for OpenTofu are for."""

CPU_UNITS = 1024
"""Units of CPU for each vCPU of a task."""


def tasks_in(path: Path) -> Deployed:
    """Return what the variables of a file size. Raises ManifestsError."""
    documents = documents_in(path)
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise ManifestsError(f"{path}: expected one object", hint="Write one value for each variable.")
    sizes = _Sizes(path, documents[0])
    minimum, maximum = sizes.number("tasks_minimum"), sizes.number("tasks_maximum")
    if maximum < minimum:
        raise ManifestsError(
            f"{path}: tasks_maximum {maximum} is less than tasks_minimum {minimum}",
            hint="Raise tasks_maximum.",
        )
    cpu, memory = sizes.number("task_cpu") / CPU_UNITS, float(sizes.number("task_memory_mib"))
    pods = Pods(
        kind=TASKS,
        name="shop",
        app="",
        component="api",
        image="",
        minimum=minimum,
        maximum=maximum,
        autoscaler=TASKS,
        utilization=sizes.number("task_cpu_target") / 100,
        cpu=cpu,
        cpu_limit=cpu,
        memory_mib=memory,
        memory_limit_mib=memory,
        pod_cpu=cpu,
        pod_memory_mib=memory,
        volume_gb=0.0,
    )
    return Deployed((pods,), (), 0.0, {}, sizes.managed())


class _Sizes:
    """Variables of a file by name."""

    def __init__(self, path: Path, variables: dict[str, Any]) -> None:
        self._path = path
        self._variables = variables

    def managed(self) -> Managed:
        # Without a cache, there are neither; memcached has no standby.
        cached, standby = "cache_node" in self._variables, "cache_standby" in self._variables
        nodes = 2 if standby and self._flag("cache_standby") else 1
        return Managed(
            database_class=self._text("database_class"),
            database_servers=2 if self._flag("database_standby") else 1,
            database_storage_gib=self.number("database_storage_gib"),
            cache_node=self._text("cache_node") if cached else "",
            cache_nodes=nodes if cached else 0,
        )

    def number(self, name: str) -> int:
        value = self._variables.get(name)
        if type(value) is not int or value < 1:
            raise self._wrong(name, "a whole number of 1 or more")
        return value

    def _text(self, name: str) -> str:
        value = self._variables.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def _flag(self, name: str) -> bool:
        value = self._variables.get(name)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def _wrong(self, name: str, expected: str) -> ManifestsError:
        value = self._variables.get(name)
        what = f"is {str(value)[:60]!r}" if name in self._variables else "is missing"
        return ManifestsError(f"{self._path}: {name} {what}", hint=f"Write {expected}.")
