"""Run the fast tests on each installed Python from 3.11 to 3.14, and report missing versions.

Each Python gets its own environment, `build/python-X.Y`, with the development pins. Without arguments for
pytest, it runs the tests of `make check`: `python scripts/test_pythons.py [ARGUMENTS]`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
FAST = ["-m", "not (slow or thorough or long)"]


def main(arguments: list[str]) -> int:
    """Test with each version; return 1 if one failed or none is installed."""
    results = {version: _test(version, arguments) for version in VERSIONS}
    print()
    for version, result in results.items():
        print(f"Python {version}: {result}")
    return 0 if "passed" in results.values() and "failed" not in results.values() else 1


def _test(version: str, arguments: list[str]) -> str:
    interpreter = _interpreter(version)
    if interpreter is None:
        return "skipped: no such interpreter on this machine (looked for on PATH and in pyenv)"
    print(f"\n== Python {version}: {interpreter}", flush=True)
    selection = arguments or FAST
    command = [str(_environment(version, interpreter)), "-m", "pytest", "-q", "-n", "auto", *selection]
    return "failed" if subprocess.run(command, cwd=ROOT, check=False).returncode else "passed"


def _interpreter(version: str) -> Path | None:
    """Return the first working interpreter of a version, or None."""
    for candidate in _candidates(version):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        shown = subprocess.run([str(candidate), "-c", code], capture_output=True, text=True, check=False)
        if shown.stdout.strip() == version:
            return candidate
    return None


def _candidates(version: str) -> Iterator[Path]:
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}*/bin/python{version}"), reverse=True)
    yield Path(sys.executable)


def _environment(version: str, interpreter: Path) -> Path:
    """Return the interpreter of an environment with pins and blueprint; recreate it when these change."""
    folder = ROOT / f"build/python-{version}"
    pins = ROOT / "requirements/dev.txt"
    digest = hashlib.sha256(pins.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    python, mark = folder / "bin/python", folder / "installed"
    if mark.exists() and mark.read_text() == digest:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([interpreter, "-m", "venv", folder], check=True)
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--requirement", pins], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    mark.write_text(digest)
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
