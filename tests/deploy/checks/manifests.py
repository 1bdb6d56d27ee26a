"""Checks of single Kubernetes manifests: schema, quantities, images."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from . import custom

Manifest = dict[str, Any]

KUBERNETES = "1.37.0"
SCHEMAS = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{KUBERNETES}-local-strict"
"""The schemas of that release; the package's own function reads 2 MB of them for each manifest."""
QUANTITY = re.compile(r"^(\d+(?:\.\d+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti)?$")
FACTORS = {None: Decimal(1), "m": Decimal("0.001")}
FACTORS |= {unit: Decimal(1000) ** power for power, unit in enumerate("kMGT", 1)}
FACTORS |= {f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGT", 1)}


def name_of(manifest: Manifest) -> str:
    """Return `Kind/name`."""
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def workloads(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Yield each workload: its name and its pod template."""
    for manifest in manifests:
        if manifest["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield name_of(manifest), manifest["spec"]["template"]
        elif manifest["kind"] == "Kafka":
            yield from ((name_of(manifest), template) for template in custom.pods(manifest))


def containers(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Yield each container with the name of its workload."""
    for name, template in workloads(manifests):
        for container in [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]:
            yield f"{name}/{container['name']}", container


def schema(manifests: list[Manifest]) -> list[str]:
    """Return unknown fields, wrong types, and API versions that Kubernetes does not serve.

    `custom.schema` checks custom resources.
    """
    return [
        f"{name_of(manifest)}: {problem}"
        for manifest in manifests
        if not custom.is_custom(manifest) and (problem := _schema_problem(json.dumps(manifest)))
    ]


@cache
def _schema_problem(text: str) -> str | None:
    # Cached by text: overlays share most manifests.
    manifest = json.loads(text)
    validator = _validator(manifest["kind"], manifest["apiVersion"])
    if validator is None:
        return f"{manifest['apiVersion']} is not served by Kubernetes {KUBERNETES}"
    try:
        validator.validate(manifest)
    except ValidationError as error:
        return f"{error.message} at {list(error.path)}"
    return None


@cache
def _validator(kind: str, version: str) -> Draft202012Validator | None:
    # `networking.k8s.io/v1` is `networking-v1` in the names of the files.
    group, _, number = version.rpartition("/")
    name = "-".join(filter(None, (kind.lower(), group.partition(".")[0], number)))
    file = SCHEMAS / f"{name}.json"
    if not file.is_file():
        return None
    return Draft202012Validator(json.loads(file.read_text()), registry=_definitions())


@cache
def _definitions() -> Registry[Any]:
    schema = json.loads((SCHEMAS / "_definitions.json").read_text())
    definitions: Resource[Any] = Resource.from_contents(schema)
    return definitions @ Registry()


def quantity(text: str | int | float) -> Decimal:
    """Return a Kubernetes quantity as a number. Raises ValueError."""
    match = QUANTITY.match(str(text))
    if match is None:
        raise ValueError(f"{text!r} is no quantity")
    return Decimal(match[1]) * FACTORS[match[2]]


def resources(manifests: list[Manifest]) -> list[str]:
    """Return containers without requests or limits, invalid quantities, and requests above limits."""
    problems = []
    for name, container in containers(manifests):
        for resource in ("cpu", "memory"):
            try:
                request, limit = (
                    quantity(container["resources"][kind][resource]) for kind in ("requests", "limits")
                )
            except (KeyError, ValueError) as error:
                problems.append(f"{name}: {resource}: {error!r}")
                continue
            if request > limit:
                problems.append(f"{name}: requests more {resource} than its limit")
    return problems


def images(manifests: list[Manifest], local: str) -> list[str]:
    """Return images without an exact version, except `local`, which is built here."""
    return [
        f"{name}: {container['image']} is not pinned"
        for name, container in containers(manifests)
        if container["image"] != local and not pinned(container["image"])
    ]


def pinned(image: str) -> bool:
    """Whether the image has a digest or a version with at least two numbers."""
    tag = image.rpartition("/")[2].partition(":")[2]
    return "@sha256:" in image or re.match(r"v?\d+\.\d+", tag) is not None
