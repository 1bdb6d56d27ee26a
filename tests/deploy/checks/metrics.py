"""Metrics that dashboards and alerts use, and metrics that the code exports."""

import ast
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from .syntax import nodes

SUFFIXES = {"Histogram": ("_bucket", "_count", "_sum"), "Summary": ("_count", "_sum"), "Counter": ("_total",)}
PROCESS = ("process_cpu_seconds_total", "process_resident_memory_bytes")
"""Metrics of prometheus_client's ProcessCollector that are used."""

# Each metric is selected by its job, so the word before a selector is a metric's name.
NAME = re.compile(r"\b([a-z_]+)(?=\{)")


def expressions(folder: Path) -> list[str]:
    """Return every PromQL expression in the dashboards and alerts of `folder`."""
    boards = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    found = [target["expr"] for board in boards for panel in board["panels"] for target in panel["targets"]]
    alerts: dict[str, Any] = yaml.safe_load((folder / "alerts.yaml").read_text())
    return found + [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]


def used(folder: Path) -> set[str]:
    """Return the metrics that dashboards and alerts use."""
    return {name for expression in expressions(folder) for name in NAME.findall(expression)}


def labels(folder: Path) -> dict[str, set[str]]:
    """Return the labels that selectors use, by metric."""
    found: dict[str, set[str]] = {}
    for expression in expressions(folder):
        for name, selector in re.findall(r"\b([a-z_]+)\{([^}]*(?:\{[^}]*\}[^}]*)*)\}", expression):
            found.setdefault(name, set()).update(re.findall(r"(\w+)(?:=~|!~|!=|=)\"", selector))
    return found


def routes_used(folder: Path) -> set[str]:
    """Return the routes that selectors name."""
    return {route for text in expressions(folder) for route in re.findall(r'route!?="([^"]+)"', text)}


def routes(sources: Path) -> set[str]:
    """Return the routes that the code serves: the prefix of a function's router with a handler's path."""
    found = set()
    functions = [
        node
        for path in sources.rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    ]
    for function in functions:
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        prefixes = [
            str(ast.literal_eval(keyword.value))
            for call in calls
            for keyword in call.keywords
            if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant)
        ]
        for call in calls:
            verb = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if verb in ("get", "post", "put", "patch", "delete") and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found |= {prefix + first.value for prefix in prefixes or [""]}
    return found


def exported(sources: Path) -> dict[str, set[str]]:
    """Return the metrics that the code exports, with their labels, under every name in Prometheus."""
    found: dict[str, set[str]] = {name: set() for name in PROCESS}
    for path in sources.rglob("*.py"):
        if "tests" in path.parts:
            continue
        made = (node for node in nodes(path) if isinstance(node, ast.Call) and node.args)
        calls = [(kind, call.args) for call in made if (kind := _kind(call))]
        # A function that makes several gauges gives them the same label.
        shared = {
            label
            for kind, (name, *rest) in calls
            if not isinstance(name, ast.Constant)
            for label in _labels(rest)
        }
        for kind, (name, *rest) in calls:
            if isinstance(name, ast.Constant):
                reads = any(isinstance(each, ast.Lambda | ast.Name) for each in rest)
                own = shared if kind == "Gauge" and reads else _labels(rest)
                for suffix in SUFFIXES.get(kind, ("",)):
                    found[str(name.value).removesuffix("_total") + suffix] = own
    return found


def _kind(call: ast.Call) -> str:
    """Return the kind of metric that a call makes, by its class or by a function such as `self._gauge`."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    kind = str(called).strip("_").capitalize()
    return kind if kind in ("Gauge", "Histogram", "Counter", "Summary") or called == "GaugeSource" else ""


def _labels(arguments: Sequence[ast.expr]) -> set[str]:
    """Return the labels among the arguments after the name: a list of them, or one argument each."""
    values = [
        ast.literal_eval(each)
        for each in arguments[1:]
        if isinstance(each, ast.Constant | ast.List | ast.Tuple)
    ]
    return {label for each in values for label in ([each] if isinstance(each, str) else each)}


def scraped(text: str) -> dict[str, set[str]]:
    """Return the metrics in a response of /metrics, with their labels."""
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? ", text, re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return found
