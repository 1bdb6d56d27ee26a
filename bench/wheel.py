"""The wheel of this checkout, unpacked and compiled as pip does it: what users run."""

import compileall
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def unpack(folder: Path) -> Path:
    """Build the wheel in `folder` and return the folder with its packages, for PYTHONPATH.

    Run it with `python -P`, so that a package beside the working directory does not come before it.
    """
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    packages = folder / "packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    compileall.compile_dir(packages, quiet=2)
    return packages
