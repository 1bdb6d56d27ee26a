"""A fast check before each commit: format, lint, types, boundaries, and the unit tests of what changed.

    python scripts/check.py [COMMIT]

Prints one line for each fault. What changed is the difference between the working tree and COMMIT (HEAD).
"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(sys.executable).parent
ROOTS = sorted({*Path().glob("src"), *Path().glob("libs/src"), *Path().glob("services/*/src")})
SHARED = [root for root in ROOTS if root.parts[0] != "services"]
MIGRATIONS = SHARED[0] / "chassis/tests/test_migrations.py"


@dataclass(frozen=True, slots=True)
class Check:
    """A command, the lines of its output that are faults, and its Python path."""

    name: str
    command: list[str]
    fault: str
    path: tuple[Path, ...] = tuple(ROOTS)


LOCATED = r"^\S+:\d+:\d+: .*"
STATIC = [
    Check("format", ["ruff", "format", "--check", "--quiet", "--output-format=concise", "."], LOCATED),
    Check("lint", ["ruff", "check", "--quiet", "--output-format=concise", "."], LOCATED),
    Check("types", ["mypy", "--no-pretty"], r"^\S+:\d+: error: .*"),
    Check("boundaries", ["lint-imports", "--no-logo"], r"\S+ -> \S+ \(l\.\d+.*\)"),
]


def main() -> int:
    """Run all checks, print their faults, and return 1 if there are any."""
    checks = [*STATIC, *unit_tests(changed_files(sys.argv[1] if len(sys.argv) > 1 else "HEAD"))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = zip(checks, pool.map(faults_of, checks), strict=True)
        faults = [f"{check.name}: {fault}" for check, found in results for fault in found]
    count = f"{len(faults) or 'No'} fault{'' if len(faults) == 1 else 's'}"
    print(*faults, f"{count} in: {', '.join(check.name for check in checks)}", sep="\n")
    return 1 if faults else 0


def changed_files(commit: str) -> list[Path] | None:
    """Return the files that differ from the commit or are new; None if git cannot compare."""
    try:
        differ = _git("diff", "--name-only", "--relative", commit)
        return [Path(path) for path in differ + _git("ls-files", "--others", "--exclude-standard")]
    except (OSError, subprocess.CalledProcessError):
        return None


def unit_tests(changed: list[Path] | None) -> Iterator[Check]:
    """Yield the unit tests beside the changed files, or all; a service sees only the libraries and itself."""
    tests: dict[Path, set[Path]] = defaultdict(set)
    for root in ROOTS:
        files = root.rglob("*.py") if changed is None else (path for path in changed if root in path.parents)
        for file in files:
            folder = next((each / "tests" for each in file.parents if (each / "tests").is_dir()), None)
            if folder is not None and root in folder.parents:
                tests[root].add(folder)
            if file.name == "tables.py" or file.parent.name == "migrations":
                tests[root].add(MIGRATIONS)
    for root, folders in tests.items():
        name = f"tests of {', '.join(sorted({folder.parent.name for folder in folders}))}"
        pytest = ["pytest", "--quiet", "--tb=no", "-rfE", *map(str, sorted(folders))]
        yield Check(name, pytest, "^(?:FAILED|ERROR) .*", tuple(dict.fromkeys([*SHARED, root])))


def faults_of(check: Check) -> list[str]:
    """Run a check; return the faults that it reports, or its whole output if it failed in another way."""
    # A wide terminal: pytest shortens its lines to the width.
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, check.path)), "COLUMNS": "500"}
    command = [str(TOOLS / check.command[0]), *check.command[1:]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    output = done.stdout + done.stderr
    found = (re.search(check.fault, line) for line in output.splitlines())
    return [match[0] for match in found if match] or [output.strip()]


def _git(*arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
