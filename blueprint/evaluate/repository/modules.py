"""Modules of a repository: the folders of source code that stand beside each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

SOURCES = frozenset(
    (
        ".py",
        ".js",
        ".jsx",
        ".ts",
        ".tsx",
        ".mjs",
        ".java",
        ".kt",
        ".scala",
        ".go",
        ".rs",
        ".rb",
        ".php",
        ".cs",
        ".fs",
        ".c",
        ".cc",
        ".cpp",
        ".h",
        ".swift",
        ".ex",
        ".exs",
        ".clj",
    )
)
OTHER_FOLDERS = frozenset(
    (
        "test",
        "tests",
        "spec",
        "specs",
        "e2e",
        "doc",
        "docs",
        "example",
        "examples",
        "tools",
        "tool",
        "scripts",
        "script",
        "bench",
        "benchmarks",
        "ci",
        "build",
        "dist",
        "vendor",
        "node_modules",
        "third_party",
        "deploy",
        "migrations",
        "fixtures",
    )
)
CONTAINERS = frozenset(
    (
        "services",
        "packages",
        "apps",
        "modules",
        "libs",
        "src",
        "cmd",
        "internal",
        "pkg",
        "components",
        "domains",
        "contexts",
    )
)
"""Folders whose folders are modules, even if there are few of them."""
ONLY = 0.8
"""Share of the source files from which on one folder contains all modules."""


def modules_of(files: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that are modules: found by going down while one has nearly all code."""
    code = [path for path in files if _is_code(path)]
    return tuple(sorted(_below("", code)))


def module_of_file(path: str, modules: Sequence[str]) -> str | None:
    """Return the module that a file belongs to."""
    return next((module for module in modules if path.startswith(f"{module}/")), None)


def _is_code(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.suffix in SOURCES and not any(
        p in OTHER_FOLDERS or p.startswith(".") for p in pure.parts[:-1]
    )


def _below(folder: str, code: Sequence[str]) -> list[str]:
    prefix = f"{folder}/" if folder else ""
    inside = [path for path in code if path.startswith(prefix)]
    counts = Counter(path[len(prefix) :].split("/")[0] for path in inside if "/" in path[len(prefix) :])
    if not counts:
        return [folder] if folder else []
    largest, count = counts.most_common(1)[0]
    if count >= ONLY * len(inside):
        return _below(prefix + largest, inside)
    modules = []
    for name in counts:
        modules += _below(prefix + name, inside) if name in CONTAINERS else [prefix + name]
    return modules


def units_of(files: Iterable[str], modules: Sequence[str]) -> tuple[str, ...]:
    """Return the modules that are deployed on their own: those with a container file or a manifest."""
    owners = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] in _MANIFESTS}
    return tuple(
        module for module in modules if any(f == module or module.startswith(f"{f}/") for f in owners if f)
    )


_MANIFESTS = frozenset(
    (
        "Dockerfile",
        "Containerfile",
        "pyproject.toml",
        "package.json",
        "go.mod",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "Cargo.toml",
    )
)
