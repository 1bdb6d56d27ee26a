"""Targets of kustomize patches: kinds and names as patterns, and label selectors."""

import re
from collections.abc import Mapping
from typing import Any

from blueprint.deployment.errors import unsupported
from blueprint.deployment.objects import Object, mapping

_TARGET_KEYS = {"group", "version", "kind", "name", "namespace", "labelSelector"}
_SAFE_PATTERN = re.compile(r"[\w.\-|()]*(?:\.\*[\w.\-|()]*){0,3}")
_LONGEST_NAME = 253
_REQUIREMENT = re.compile(r"\s*(!?)\s*([\w./-]+)\s*(?:(==|=|!=)\s*([\w.-]*)|\s(in|notin)\s*\(([^()]*)\))?\s*")


def matches(target: Mapping[str, Any], item: Object, where: str) -> bool:
    """Return whether a patch is for an object. Raises ManifestsError if its selector is not applied here."""
    further = target.keys() - _TARGET_KEYS
    if further:
        raise unsupported(f"{where}: the target of a patch has {', '.join(sorted(map(str, further)))}")
    group, _, version = str(item.data.get("apiVersion", "")).rpartition("/")
    metadata = mapping(item.data, item.shown, "metadata")
    return (
        _fits(target.get("group"), (group,), where)
        and _fits(target.get("version"), (version,), where)
        and _fits(target.get("kind"), (item.kind,), where)
        and _fits(target.get("name"), item.names, where)
        and _fits(target.get("namespace"), (str(metadata.get("namespace", "")),), where)
        and _selected(target.get("labelSelector"), mapping(metadata, item.shown, "labels"), where)
    )


def _fits(pattern: object, values: tuple[str, ...], where: str) -> bool:
    if pattern is None or pattern == "":
        return True
    # No other patterns: some take exponential time.
    if not isinstance(pattern, str) or len(pattern) > 1000 or not _SAFE_PATTERN.fullmatch(pattern):
        raise unsupported(f"{where}: {pattern!r} in the target of a patch is not applied here")
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise unsupported(f"{where}: {pattern!r} in the target of a patch is no pattern") from error
    return any(compiled.fullmatch(value) for value in values if len(value) <= _LONGEST_NAME)


def _selected(selector: object, labels: Mapping[str, Any], where: str) -> bool:
    if selector is None or selector == "":
        return True
    requirements = re.split(r",(?![^()]*\))", selector) if isinstance(selector, str) else []
    forms = [_REQUIREMENT.fullmatch(requirement) for requirement in requirements if len(requirement) <= 1000]
    if not forms or not all(forms) or len(forms) != len(requirements):
        raise unsupported(f"{where}: the label selector {str(selector)[:100]!r} is not applied here")
    return all(_holds(form, labels) for form in forms if form)


def _holds(form: re.Match[str], labels: Mapping[str, Any]) -> bool:
    absent, key, operator, value, among, values = form.groups()
    present = str(labels[key]) if key in labels else None
    if among:
        listed = {part.strip() for part in values.split(",")}
        return (present in listed) is (among == "in")
    if operator:
        return (present == value) is (operator != "!=")
    return (present is None) is bool(absent)
