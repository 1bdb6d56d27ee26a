"""Shared Python environment of all generated projects, with the pinned packages of every option."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.servers.process import refuse_fast_tests

ROOT = Path(__file__).parent.parent.parent
PINS = ROOT / "templates/shared/python/project/_parts/pins"


def environment_for_all() -> Path:
    """Return the environment's folder; create the environment if the pins have changed."""
    refuse_fast_tests("a generated project")
    pins = sorted(PINS.glob("*.txt"))
    digest = hashlib.sha256(b"".join(pin.read_bytes() for pin in pins)).hexdigest()[:12]
    folder = ROOT / "build" / f"generated-{sys.version_info.major}.{sys.version_info.minor}-{digest}"
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / "generated.lock").open("w") as lock:
        # Several test processes may need it at the same time; the first creates it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder, pins)
            (folder / "ready").touch()
    return folder


def python_for_all() -> str:
    """Return the path of the environment's interpreter."""
    return str(environment_for_all() / "bin" / "python")


def _install(folder: Path, pins: list[Path]) -> None:
    requirements = [argument for pin in pins for argument in ("-r", str(pin))]
    uv = shutil.which("uv")
    if uv:
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
        install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python")]
    else:
        venv.create(folder, with_pip=True)
        # Python compiles the third of the modules that is used when it is first imported.
        install = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run(
        [*install, "--require-hashes", *requirements], check=True, env=os.environ | {"PYTHONPATH": ""}
    )
