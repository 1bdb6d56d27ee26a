"""Pin, with hashes, what a generated Python project installs.

Reads the ranges in `templates/shared/python/project/_parts/dependencies` and writes the pins beside them,
one file per option. All ranges are resolved together, so that any set of options fits.

Run with uv on the path: `python tools/lock.py`. No address of a registry is written.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "templates/shared/python/project/_parts"
RANGES = HERE / "dependencies"
PINS = HERE / "pins"
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
    "distributed",
    "kafka",
    "dev",
]
# Every project has one of each line.
ALWAYS = [{"base"}, {"postgresql", "mysql"}, {"auth-jwt", "auth-oauth2"}]


def main() -> int:
    """Resolve once for all parts, then cut the result into parts."""
    ranges = {name: _ranges(name) for name in PARTS}
    everything = _compile([each for name in PARTS for each in ranges[name]])
    wanted = {name: _compile(ranges[name], everything) for name in PARTS}
    PINS.mkdir(exist_ok=True)
    for stale in PINS.glob("*.txt"):
        stale.unlink()
    for name, pins in _cut(wanted).items():
        (PINS / f"{name}.txt").write_text("".join(pins[package] for package in sorted(pins)))
        print(f"{name}: {len(pins)} packages")
    return 0


def _cut(wanted: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Put each package into the files of the parts that need it, or once into the base if all projects do."""
    files: dict[str, dict[str, str]] = {name: {} for name in PARTS}
    for package in {package for pins in wanted.values() for package in pins}:
        users = {name for name in PARTS if package in wanted[name]}
        always = any(line <= users for line in ALWAYS)
        for owner in {"base"} if always else users:
            files[owner][package] = next(wanted[name][package] for name in users)
    return files


def _ranges(name: str) -> list[str]:
    return re.findall(r'"([^"]+)"', (RANGES / f"{name}.toml").read_text())


def _compile(requirements: list[str], constraints: dict[str, str] | None = None) -> dict[str, str]:
    """Return the pinned text of each package that `requirements` lead to."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in.txt")
        source.write_text("\n".join(requirements))
        command = ["uv", "pip", "compile", str(source), "--universal", "--python-version", PYTHON]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
        if constraints is not None:
            pinned = Path(folder, "pinned.txt")
            pinned.write_text("".join(constraints.values()))
            command += ["--constraints", str(pinned)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    blocks = re.split(r"(?m)^(?=\S)", output)
    pins: dict[str, str] = {}
    for block in filter(None, blocks):
        package = re.split(r"[=<>;\s\[]", block, maxsplit=1)[0]
        # A package can stand here several times, for different platforms.
        pins[package] = pins.get(package, "") + block
    return pins


if __name__ == "__main__":
    sys.exit(main())
