"""Check the evidence of the supply chain: pins, bill of materials, known vulnerabilities, security.txt.

make evidence                 # what can be checked on this machine
make evidence ARGS=--release  # fails, too, on what is to do or could not be checked

It runs in an environment of `requirements/evidence.txt`, and describes another one: that of the project.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evidence_checks import (
    REQUIREMENT,
    Outcome,
    check_actions,
    check_hashes,
    check_images,
    check_security_txt,
    print_results,
)

# Id of a known vulnerability: why it cannot harm this project.
ACCEPTED: dict[str, str] = {}


def main() -> int:
    """Run the checks and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the project")
    parser.add_argument("--environment", type=Path, default=Path(".venv"), help="environment of the project")
    parser.add_argument("--sbom", type=Path, default=Path("var/sbom.cdx.json"), help="its SBOM")
    parser.add_argument("--release", action="store_true", help="fail on what is to do before a release")
    args = parser.parse_args()
    args.sbom.parent.mkdir(parents=True, exist_ok=True)
    own = tomllib.loads((args.project / "pyproject.toml").read_text())["project"]["name"]
    outcomes = {
        "hashes": check_hashes(requirements(args.project)),
        "actions": check_actions(args.project),
        "images": check_images(args.project, own),
        "SBOM": check_sbom(args.project, args.environment, args.sbom),
        "vulnerabilities": check_vulnerabilities(args.project),
    }
    for source in ("src", "libs/src"):
        path = args.project / source / "chassis/serving/security.txt"
        if path.exists():
            outcomes["security.txt"] = check_security_txt(path, datetime.now(UTC))
    return print_results(outcomes, release=args.release)


def requirements(project: Path) -> list[Path]:
    """Return the files with pinned packages."""
    return sorted(project.glob("requirements/*.txt"))


def check_sbom(project: Path, environment: Path, target: Path) -> Outcome:
    """Write the bill of materials of an environment, and compare it with the pins."""
    # Reproducible: without the time and a random serial number.
    options = ["--output-reproducible", "--output-file", str(target)]
    done = _run("cyclonedx_py", "environment", *options, str(environment))
    if done.returncode:
        return Outcome([done.stderr.strip()], [], "")
    pins: dict[str, set[str]] = {}
    for path in requirements(project):
        # Of the environment in which this script runs.
        if path.name == "evidence.txt":
            continue
        for package in REQUIREMENT.finditer(path.read_text()):
            pins.setdefault(_normal(package["name"]), set()).add(package["version"])
    components = json.loads(target.read_text()).get("components", [])
    pinned = [each for each in components if _normal(each["name"]) in pins]
    wrong = [
        f"{each['name']} {each['version']} is installed, which is not the pinned version"
        for each in pinned
        if each["version"] not in pins[_normal(each["name"])]
    ]
    return Outcome(wrong, [], f"{target} has {len(components)} packages, as pinned")


def check_vulnerabilities(project: Path) -> Outcome:
    """Ask OSV for the known vulnerabilities of all pinned packages; this needs a network."""
    wrong, count = [], 0
    for path in requirements(project):
        options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
        done = _run("pip_audit", *options, "--vulnerability-service", "osv", "--requirement", str(path))
        if "ConnectionError" in done.stderr:
            return Outcome([], ["OSV cannot be reached from here; check on a machine with a network"], "")
        try:
            report: dict[str, Any] = json.loads(done.stdout)
        except json.JSONDecodeError:
            return Outcome([f"pip-audit failed: {done.stderr.strip()}"], [], "")
        count += len(report["dependencies"])
        wrong += [
            f"{path.name}: {each['name']} {each['version']} has {found['id']}"
            for each in report["dependencies"]
            for found in each.get("vulns", ())
            if not {found["id"], *found["aliases"]} & ACCEPTED.keys()
        ]
    return Outcome(wrong, [], f"OSV knows none in {count} packages")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
