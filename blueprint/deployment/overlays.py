"""Deployments at a path: a rendered file, an overlay, sizes of tasks, or all of them below a folder."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from blueprint.deployment.errors import ManifestsError
from blueprint.deployment.kustomize import (
    NAMES,
    documents_in,
    kustomization_in,
    kustomization_of,
    objects_of,
    references,
    yaml_error,
)
from blueprint.deployment.objects import MAX_OBJECTS, Object, objects_in
from blueprint.deployment.sizes import Deployed, deployed_in
from blueprint.deployment.tasks import FILE, tasks_in
from blueprint.documents import MAX_STREAM_BYTES, DocumentError, decoded, parse_stream

DEVELOPMENT = "development"
"""Name of the overlay that runs everything in a small cluster; nobody sizes it for the load."""

MAX_FOLDERS = 5000
_NOT_MANIFESTS = ("node_modules", "__pycache__")


class Deployment(NamedTuple):
    """The sizes of one deployment, and the path that they are from."""

    path: str
    deployed: Deployed


class Deployments(NamedTuple):
    """The deployments at a path, and the overlays there that were left out."""

    found: tuple[Deployment, ...]
    left_out: tuple[str, ...] = ()


def deployments_at(path: Path) -> Deployments:
    """Return the deployments at a path. Raises ManifestsError."""
    if path.is_dir():
        return Deployments((_overlay(path),)) if kustomization_of(path) else _below(path)
    if path.name in NAMES:
        return Deployments((Deployment(str(path), deployed_in(objects_of(path.parent))),))
    if path.name == FILE:
        return Deployments((Deployment(str(path), tasks_in(path)),))
    return _rendered(documents_in(path), str(path))


def deployment_from(raw: bytes, name: str) -> Deployments:
    """Return the deployment in a rendered stream. Raises ManifestsError."""
    try:
        documents = parse_stream(decoded(raw, MAX_STREAM_BYTES))
    except DocumentError as error:
        raise yaml_error(error, name) from error
    return _rendered(documents, name)


def _rendered(documents: Sequence[Any], name: str) -> Deployments:
    objects = [*objects_in(documents, name)]
    if not objects or len(objects) > MAX_OBJECTS:
        count = "no" if not objects else f"more than {MAX_OBJECTS:,}"
        raise ManifestsError(f"{name} has {count} objects", hint="Give what `kubectl kustomize` prints.")
    return Deployments((Deployment(name, deployed_in(objects)),))


def _overlay(folder: Path) -> Deployment:
    return Deployment(str(folder), deployed_in(objects_of(folder)))


def _below(folder: Path) -> Deployments:
    folders = [*_folders(folder)]
    roots = _roots(folders)
    files = [path for inside in folders if (path := inside / FILE).is_file()]
    if not roots and not files:
        return Deployments((_plain(folder),))
    sized = [root for root in roots if root.name != DEVELOPMENT] or roots
    return Deployments(
        (*map(_overlay, sized), *(Deployment(str(path), tasks_in(path)) for path in files)),
        tuple(str(root) for root in roots if root not in sized),
    )


def _roots(folders: Sequence[Path]) -> list[Path]:
    """Return the folders with a kustomization that no other one includes."""
    files = [path for inside in folders if (path := kustomization_of(inside))]
    included: set[str] = set()
    roots = []
    for path in files:
        content = kustomization_in(path)
        for key in ("resources", "components"):
            included |= {os.path.realpath(source) for source in references(path, content, key)}
        if content.get("kind") != "Component":
            roots.append(path.parent)
    return [root for root in roots if os.path.realpath(root) not in included]


def _folders(folder: Path) -> Iterator[Path]:
    for count, (name, inside, _) in enumerate(os.walk(folder)):
        if count >= MAX_FOLDERS:
            raise ManifestsError(f"{folder} has more than {MAX_FOLDERS:,} folders", hint="Give the overlay.")
        inside[:] = sorted(part for part in inside if part not in _NOT_MANIFESTS and not part.startswith("."))
        yield Path(name)


def _plain(folder: Path) -> Deployment:
    """Return the manifests in a folder without kustomization; files of other tools are left out."""
    objects: list[Object] = []
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".yml") and path.is_file():
            documents = documents_in(path)
            if any(isinstance(document, dict) and "kind" in document for document in documents):
                objects += objects_in(documents, str(path))
    if not objects:
        raise ManifestsError(
            f"{folder} has no Kubernetes manifests",
            hint="Give the folder of an overlay, or run `blueprint update --set kubernetes=true`.",
        )
    return Deployment(str(folder), deployed_in(objects))
