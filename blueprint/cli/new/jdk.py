"""The Java development kits of this machine."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_VERSION = re.compile(r'^JAVA_VERSION="(\d+)', re.MULTILINE)

_PLACES = (
    (Path("/usr/lib/jvm"), "*"),
    (Path("/Library/Java/JavaVirtualMachines"), "*/Contents/Home"),
    (Path("~/.sdkman/candidates/java"), "*"),
)


def find_jdk(minimum: int) -> Path | None:
    """Return the home of a JDK of at least this version: JAVA_HOME, that on the PATH, or an installed one."""
    return next((home for home in _homes() if _version(home) >= minimum), None)


def _homes() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if compiler := shutil.which("javac"):
        yield Path(compiler).resolve().parent.parent
    for folder, names in _PLACES:
        yield from sorted(folder.expanduser().glob(names))


def _version(home: Path) -> int:
    """Return the version that a JDK says it has, or 0 without a JDK."""
    with suppress(OSError):
        found = _VERSION.search((home / "release").read_text(errors="replace"))
        if found and (home / "bin/javac").exists():
            return int(found[1])
    return 0
