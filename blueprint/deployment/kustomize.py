"""Overlays of kustomize as objects: the fields that can change sizes are applied, in kustomize's order.

Generators, images and annotations change no size. What could change one and is not applied here is refused.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint.deployment.errors import ManifestsError, unsupported
from blueprint.deployment.objects import MAX_OBJECTS, Object, check_identity, mapping, objects_in, sequence
from blueprint.deployment.patches import merge, operate
from blueprint.deployment.selectors import matches
from blueprint.documents import DocumentError, parse_stream, read_stream

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
MAX_FOLDERS_DEEP = 20

_APPLIED = {
    "resources",
    "components",
    "patches",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "replicas",
    "replacements",
}
_HARMLESS = {
    "apiVersion",
    "kind",
    "metadata",
    "images",
    "commonAnnotations",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "buildMetadata",
    "sortOptions",
    "crds",
    "openapi",
    "configurations",
    "validators",
}
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
_SIZES = ("replica", "resources", "storage")


def kustomization_of(folder: Path) -> Path | None:
    """Return the kustomization file of a folder, if it has one."""
    return next((folder / name for name in NAMES if (folder / name).is_file()), None)


def objects_of(folder: Path) -> list[Object]:
    """Return the objects of an overlay, with its patches applied. Raises ManifestsError."""
    return _Overlay().objects(folder)


def documents_in(path: Path) -> list[Any]:
    """Return the documents of a file. Raises ManifestsError."""
    # A device or a pipe could be read forever.
    if path.exists() and not path.is_file():
        raise ManifestsError(f"{path} is not a regular file", hint="Give a file or a folder of manifests.")
    try:
        return read_stream(path)
    except OSError as error:
        raise ManifestsError(f"{path}: {error.strerror}", hint="Check the path.") from error
    except DocumentError as error:
        raise yaml_error(error, str(path)) from error


def yaml_error(error: DocumentError, where: str) -> ManifestsError:
    """Return the error of a document that is not valid YAML."""
    line = f" line {error.line}:" if error.line else ""
    return ManifestsError(f"{where}:{line} {error.message}", hint="Correct the manifest.")


def kustomization_in(path: Path) -> Mapping[str, Any]:
    """Return the content of a kustomization file. Raises ManifestsError."""
    documents = documents_in(path)
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise ManifestsError(f"{path}: expected one mapping", hint="Write one kustomization in this file.")
    return documents[0]


def references(path: Path, content: Mapping[str, Any], key: str) -> Iterator[Path]:
    """Yield the files and folders that a kustomization file names. Raises ManifestsError."""
    names = content.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ManifestsError(f"{path}: {key} is not a list of paths", hint="Write one path on each line.")
    for name in names:
        yield _beside(path, name, key)


def _beside(path: Path, name: str, key: str) -> Path:
    """Return the path that a kustomization file names under a key. Raises ManifestsError."""
    if "://" in name or name.startswith("/") or "?ref=" in name or "\0" in name:
        raise unsupported(f"{path}: {key} has {name!r}, which is not a path in the project")
    return path.parent / name


class _Overlay:
    """Reads one overlay; everything that it includes counts toward the limits."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._count = 0

    def objects(self, folder: Path) -> list[Object]:
        path = _file_in(folder, "Give the folder of an overlay, or a file of manifests.")
        resolved = os.path.realpath(folder)
        if resolved in self._open or len(self._open) >= MAX_FOLDERS_DEEP:
            raise ManifestsError(f"{path} includes itself", hint="Remove the cycle from `resources`.")
        self._open.append(resolved)
        content, objects = self._read(path)
        for component in references(path, content, "components"):
            self._apply(component, objects)
        _transform(path, content, objects)
        self._open.pop()
        return objects

    def _read(self, path: Path) -> tuple[Mapping[str, Any], list[Object]]:
        """Return what a kustomization file says, and the objects of its resources."""
        content = kustomization_in(path)
        _check_keys(path, content)
        sources = references(path, content, "resources")
        return content, [item for source in sources for item in self._included(source)]

    def _included(self, source: Path) -> list[Object]:
        found = self.objects(source) if source.is_dir() else [*objects_in(documents_in(source), str(source))]
        self._count += len(found)
        if self._count > MAX_OBJECTS:
            raise ManifestsError(
                f"{source}: more than {MAX_OBJECTS:,} objects are included", hint="Give a smaller overlay."
            )
        return found

    def _apply(self, folder: Path, objects: list[Object]) -> None:
        """Add the objects of a component, and apply what it says about all objects."""
        path = _file_in(folder, "Correct `components`.")
        content, own = self._read(path)
        if content.get("components"):
            raise unsupported(f"{path}: a component includes components")
        objects += own
        _transform(path, content, objects)


def _file_in(folder: Path, hint: str) -> Path:
    """Return the kustomization file of a folder, which must have one. Raises ManifestsError."""
    path = kustomization_of(folder)
    if path is None:
        raise ManifestsError(f"{folder} has no kustomization.yaml", hint=hint)
    return path


def _check_keys(path: Path, content: Mapping[str, Any]) -> None:
    unknown = content.keys() - _APPLIED - _HARMLESS
    if unknown:
        raise unsupported(f"{path}: {', '.join(sorted(map(str, unknown)))} is not applied here")
    for replacement in sequence(content, str(path), "replacements"):
        for target in sequence(replacement, str(path), "targets"):
            fields = str(target.get("fieldPaths"))
            if "path" in replacement or any(size in fields for size in _SIZES):
                raise unsupported(f"{path}: replacements change sizes")


def _transform(path: Path, content: Mapping[str, Any], objects: list[Object]) -> None:
    """Apply everything that a kustomization says about the objects that it includes."""
    where = str(path)
    for patch in sequence(content, where, "patches"):
        _patch(path, patch, objects)
    prefix, suffix = (str(content.get(key) or "") for key in ("namePrefix", "nameSuffix"))
    for number, item in enumerate(objects):
        if content.get("namespace"):
            item.data.setdefault("metadata", {})["namespace"] = content["namespace"]
        if prefix or suffix:
            objects[number] = _renamed(item, prefix, suffix)
    for label in sequence(content, where, "labels"):
        for item in objects:
            _label(item, mapping(label, where, "pairs"), label)
    for count in sequence(content, where, "replicas"):
        for item in objects:
            if count.get("name") in item.names and item.kind in _SCALED:
                mapping(item.data, item.shown, "spec")["replicas"] = count.get("count")


def _patch(path: Path, patch: Mapping[str, Any], objects: list[Object]) -> None:
    where = str(path)
    if isinstance(patch.get("path"), str):
        source = _beside(path, patch["path"], "patches")
        where, documents = str(source), documents_in(source)
    else:
        try:
            documents = parse_stream(str(patch.get("patch") or ""))
        except DocumentError as error:
            raise yaml_error(error, f"{path}: a patch") from error
    target = patch.get("target")
    if target is not None and not isinstance(target, dict):
        raise ManifestsError(
            f"{path}: the target of a patch is not a mapping", hint="Write `target: {kind: …}`."
        )
    for document in documents:
        if isinstance(document, list) and target:
            for item in objects:
                if matches(target, item, where):
                    patched = f"{where}: patch of {item.shown}"
                    for operation in document:
                        operate(item.data, operation, patched)
        elif isinstance(document, dict):
            _merge_into(objects, document, target, where)
        else:
            raise ManifestsError(
                f"{where}: a patch has no target, or is no mapping", hint="Give it a target."
            )
        for item in objects:
            check_identity(item, where)


def _merge_into(
    objects: list[Object], patch: dict[str, Any], target: Mapping[str, Any] | None, where: str
) -> None:
    own_name = mapping(patch, where, "metadata").get("name")
    for item in [*objects]:
        named = item.kind == patch.get("kind") and own_name in item.names
        if not (matches(target, item, where) if target else named):
            continue
        if patch.get("$patch") == "delete":
            objects.remove(item)
        else:
            merge(item.data, patch, f"{where}: patch of {item.shown}")


def _renamed(item: Object, prefix: str, suffix: str) -> Object:
    if item.kind in ("Namespace", "CustomResourceDefinition"):
        return item
    name = f"{prefix}{item.name}{suffix}"
    item.data["metadata"]["name"] = name
    reference = mapping(item.data, item.shown, "spec", "scaleTargetRef")
    if isinstance(reference.get("name"), str):
        reference["name"] = f"{prefix}{reference['name']}{suffix}"
    return Object(item.data, (*item.names, name))


def _label(item: Object, pairs: Mapping[str, Any], label: Mapping[str, Any]) -> None:
    places = [item.data.setdefault("metadata", {})]
    if label.get("includeSelectors") or label.get("includeTemplates"):
        template = mapping(item.data, item.shown, "spec", "template")
        places += [template.setdefault("metadata", {})] if template else []
    for place in places:
        if isinstance(place, dict):
            mapping_of_labels = place.setdefault("labels", {})
            if isinstance(mapping_of_labels, dict):
                mapping_of_labels.update(pairs)
