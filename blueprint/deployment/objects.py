"""Kubernetes objects, and typed access to their fields."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from blueprint.deployment.errors import ManifestsError

MAX_OBJECTS = 5000


class Object(NamedTuple):
    """An object of a manifest; `names` are those that it had before prefixes, with the current one last."""

    data: dict[str, Any]
    names: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Kind, such as Deployment."""
        return str(self.data["kind"])

    @property
    def name(self) -> str:
        """Current name."""
        return self.names[-1]

    @property
    def shown(self) -> str:
        """Kind and name for messages."""
        return f"{self.kind} {self.name}"


def objects_in(documents: Iterable[Any], where: str) -> Iterator[Object]:
    """Yield the objects of documents, and those of lists in them. Raises ManifestsError."""
    for document in documents:
        if not isinstance(document, dict) or not isinstance(document.get("kind"), str):
            raise ManifestsError(
                f"{where}: a document is not a Kubernetes object, because it has no kind",
                hint="Give a folder of manifests, or what `kubectl kustomize` prints.",
            )
        if document["kind"].endswith("List") and isinstance(document.get("items"), list):
            yield from objects_in(document["items"], where)
            continue
        name = mapping(document, where, "metadata").get("name")
        if not isinstance(name, str) or not name:
            raise ManifestsError(
                f"{where}: {document['kind']} has no metadata.name", hint="Give every object a name."
            )
        # Without aliases, because a patch changes only one of the places.
        yield Object(copied(document), (name,))


def copied(value: Any) -> Any:
    """Return a copy in which no two places share a value."""
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    return [copied(part) for part in value] if isinstance(value, list) else value


def mapping(data: Mapping[str, Any], where: str, *path: str) -> dict[str, Any]:
    """Return the mapping at a path; one that is missing is empty. Raises ManifestsError."""
    found: Any = data
    for key in path:
        found = found.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise _unexpected(where, path, "a mapping")
    return dict(found) if found is data else found


def sequence(data: Mapping[str, Any], where: str, key: str) -> list[dict[str, Any]]:
    """Return the list of mappings with a key; one that is missing is empty. Raises ManifestsError."""
    found = data.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise _unexpected(where, (key,), "a list of mappings")
    return found


def _unexpected(where: str, path: tuple[str, ...], expected: str) -> ManifestsError:
    return ManifestsError(
        f"{where}: {'.'.join(path)} is not {expected}", hint="Correct it, as `kubectl explain` describes it."
    )
