"""Pin the packages of development and of generated Python projects, with hashes.

Development: the ranges in `pyproject.toml` become `requirements/dev.txt`, and each `requirements/NAME.in`
becomes `requirements/NAME.txt`.

Generated projects: the ranges in `templates/shared/python/project/_parts/dependencies` become the files of
`pins` beside them, one per option. All ranges are resolved together, so that any set of options fits.
What the acceptance suite needs is also pinned alone, for shops in other languages, and so are the tools of
`make evidence`.

`make pins` updates both; `python tools/lock.py development` updates one. It needs uv on the path, and
writes no address of a package registry.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
PARTS_FOLDER = ROOT / "templates/shared/python/project/_parts"
RANGES = PARTS_FOLDER / "dependencies"
PINS = PARTS_FOLDER / "pins"
SPRING = ROOT / "templates/shared/spring"
EVIDENCE = ROOT / "templates/shared/evidence/requirements/evidence.in"
PYTHON = "3.11"

PARTS = [
    "base",
    "postgresql",
    "mysql",
    "redis",
    "memcached",
    "auth-jwt",
    "auth-oauth2",
    "observability",
    "content",
    "distributed",
    "kafka",
    "dev",
]
# Each project has exactly one part of each line; a package that all of them need is in the base.
ALWAYS = [{"base"}, {"postgresql", "mysql"}, {"auth-jwt", "auth-oauth2"}]
# What the clients of shops in Java need. Only the monolith documents its API, which Schemathesis compares,
# and only services have fault tests, which read architecture.yaml, and with events the bus.
ACCEPTANCE = ["h11", "httpx2", "pytest"]
CLIENTS = {
    "reactor": [*ACCEPTANCE, "pyyaml"],
    "bus-clients": [*ACCEPTANCE, "pyyaml", "confluent-kafka"],
    "monolith": [*ACCEPTANCE, "schemathesis"],
}


def main() -> int:
    """Update the pins that the command line names, or all."""
    parser = argparse.ArgumentParser(description="Renew pins.")
    parser.add_argument("which", nargs="?", choices=RENEW, help="update only these pins (default: all)")
    which: str | None = parser.parse_args().which
    for name in [which] if which else RENEW:
        RENEW[name]()
    return 0


def _development() -> None:
    """Pin blueprint's dependencies, its `dev` extra, and each tool with a separate environment."""
    development = REQUIREMENTS / "dev.txt"
    sources: dict[Path, list[str | Path]] = {
        development: [ROOT / "pyproject.toml", "--extra", "dev"],
        REQUIREMENTS / "docs.txt": [ROOT / "pyproject.toml", "--extra", "docs", "--constraints", development],
        **{source.with_suffix(".txt"): [source] for source in sorted(REQUIREMENTS.glob("*.in"))},
    }
    for target, source in sources.items():
        pins = _compile(*source)
        target.write_text(pins)
        print(f"{target.relative_to(ROOT)}: {len(_by_package(pins))} packages")


def _generated() -> None:
    """Resolve all parts together, then split the result into parts."""
    ranges = {name: _ranges(name) for name in PARTS}
    everything = _resolve([each for name in PARTS for each in ranges[name]])
    wanted = {name: _resolve(ranges[name], everything) for name in PARTS}
    PINS.mkdir(exist_ok=True)
    for stale in PINS.glob("*.txt"):
        stale.unlink()
    for name, pins in _cut(wanted).items():
        (PINS / f"{name}.txt").write_text("".join(pins[package] for package in sorted(pins)))
        print(f"{name}: {len(pins)} packages")
    for layer, needs in CLIENTS.items():
        clients = _resolve(needs, everything)
        text = "".join(clients[package] for package in sorted(clients))
        (SPRING / layer / "acceptance/requirements.txt").write_text(text)
        print(f"{layer}: {len(clients)} packages")
    evidence = _compile(EVIDENCE)
    EVIDENCE.with_suffix(".txt").write_text(evidence)
    print(f"evidence: {len(_by_package(evidence))} packages")


RENEW: dict[str, Callable[[], None]] = {"development": _development, "generated": _generated}


def _cut(wanted: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Assign each package to the parts that need it, or to the base if all projects need it."""
    files: dict[str, dict[str, str]] = {name: {} for name in PARTS}
    for package in {package for pins in wanted.values() for package in pins}:
        users = {name for name in PARTS if package in wanted[name]}
        always = any(line <= users for line in ALWAYS)
        for owner in {"base"} if always else users:
            files[owner][package] = next(wanted[name][package] for name in users)
    return files


def _ranges(name: str) -> list[str]:
    return re.findall(r'"([^"]+)"', (RANGES / f"{name}.toml").read_text())


def _resolve(requirements: list[str], constraints: dict[str, str] | None = None) -> dict[str, str]:
    """Return the pinned text of each package that `requirements` lead to."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.txt")
        source.write_text("\n".join(requirements))
        options: list[str | Path] = []
        if constraints is not None:
            pinned = Path(folder, "pinned.txt")
            pinned.write_text("".join(constraints.values()))
            options = ["--constraints", pinned]
        return _by_package(_compile(source, *options))


def _compile(*sources: str | Path) -> str:
    """Return a requirements file with hashes, for every platform and every Python from 3.11."""
    command: list[str | Path] = ["uv", "pip", "compile", *sources]
    command += ["--universal", "--python-version", PYTHON, "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _by_package(pins: str) -> dict[str, str]:
    """Return the pinned text by package; a package can have several versions for different platforms."""
    packages: dict[str, str] = {}
    for block in filter(None, re.split(r"(?m)^(?=\S)", pins)):
        package = re.split(r"[=<>;\s\[]", block, maxsplit=1)[0]
        packages[package] = packages.get(package, "") + block
    return packages


if __name__ == "__main__":
    sys.exit(main())
