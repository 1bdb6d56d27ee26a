"""Patches of kustomize: strategic merge, and operations of JSON Patch (RFC 6902)."""

from collections.abc import Mapping
from typing import Any

from blueprint.deployment.errors import ManifestsError, unsupported
from blueprint.deployment.objects import copied

_LIST_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
    "volumeClaimTemplates": "",
}
"""Keys that identify the items of lists which a strategic merge joins; any other list is replaced."""

_BUILT_IN = ("apps/", "batch/", "autoscaling/", "policy/")
_DIRECTIVE = "$patch"


def merge(data: dict[str, Any], patch: Mapping[str, Any], where: str) -> None:
    """Merge a patch into an object, as kustomize does."""
    version = str(data.get("apiVersion", ""))
    joins = version == "v1" or version.startswith(_BUILT_IN)
    _merge(data, {key: value for key, value in patch.items() if key != "metadata"}, where, joins)
    metadata = patch.get("metadata")
    if isinstance(metadata, dict):
        # The name says which object the patch is for.
        rest = {key: value for key, value in metadata.items() if key not in ("name", "namespace")}
        _merge(data, {"metadata": rest}, where, joins)


def _merge(data: dict[str, Any], patch: Mapping[str, Any], where: str, joins: bool) -> None:
    for key, value in patch.items():
        if isinstance(key, str) and key.startswith("$"):
            raise unsupported(f"{where}: the patch has {key}")
        present = data.get(key)
        if value is None:
            data.pop(key, None)
        elif isinstance(value, dict) and isinstance(present, dict):
            _merge(present, value, where, joins)
        elif joins and isinstance(value, list) and isinstance(present, list) and _LIST_KEYS.get(key):
            _join(present, value, _LIST_KEYS[key], where)
        else:
            data[key] = copied(value)


def _join(present: list[Any], items: list[Any], key: str, where: str) -> None:
    for item in items:
        if not isinstance(item, dict) or key not in item:
            raise ManifestsError(f"{where}: an item of a list has no {key}", hint=f"Give it a {key}.")
        same = next((p for p in present if isinstance(p, dict) and p.get(key) == item[key]), None)
        if item.get(_DIRECTIVE) == "delete":
            present[:] = [p for p in present if p is not same]
        elif same is None:
            present.append(copied(item))
        else:
            _merge(same, item, where, joins=True)


def operate(data: dict[str, Any], operation: object, where: str) -> None:
    """Apply one operation of JSON Patch to an object. Raises ManifestsError."""
    if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
        raise ManifestsError(f"{where}: an operation has no path", hint="Give it `op` and `path`.")
    op, path = operation.get("op"), operation["path"]
    if op not in ("add", "replace", "remove", "test"):
        raise unsupported(f"{where}: the operation {op!r} is not applied here")
    if not path.startswith("/"):
        raise _no_place(where, path)
    *parents, last = (step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/"))
    place: Any = data
    for step in parents:
        place = _child(place, step, where, path)
    if op != "test":
        _change(place, last, op, copied(operation.get("value")), where, path)


def _child(place: Any, step: str, where: str, path: str) -> Any:
    if isinstance(place, dict) and step in place:
        return place[step]
    if isinstance(place, list) and step.isdecimal() and len(step) < 6 and int(step) < len(place):
        return place[int(step)]
    raise _no_place(where, path)


def _change(place: Any, last: str, op: str, value: Any, where: str, path: str) -> None:
    if op != "add":
        _child(place, last, where, path)
    if isinstance(place, dict):
        if op == "remove":
            del place[last]
        else:
            place[last] = value
        return
    if isinstance(place, list) and op == "add" and last == "-":
        place.append(value)
        return
    if not isinstance(place, list) or not last.isdecimal() or len(last) > 5 or int(last) > len(place):
        raise _no_place(where, path)
    place[int(last) : int(last) + (op != "add")] = [] if op == "remove" else [value]


def _no_place(where: str, path: str) -> ManifestsError:
    return ManifestsError(f"{where}: there is no {path} to patch", hint="Correct the path of the operation.")
