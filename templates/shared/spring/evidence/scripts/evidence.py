"""Check the evidence of the supply chain: pins, bill of materials, known vulnerabilities, security.txt.

make evidence                 # what can be checked on this machine
make evidence ARGS=--release  # fails, too, on what is to do or could not be checked

Maven writes the bill of materials before this runs.
"""

import argparse
import json
import re
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from evidence_checks import (
    REQUIREMENT,
    Outcome,
    check_actions,
    check_hashes,
    check_images,
    check_security_txt,
    print_results,
)

# Id of a known vulnerability, as OSV writes it: why it cannot harm this project.
ACCEPTED: dict[str, str] = {}

OSV = "https://api.osv.dev/v1/querybatch"
MAVEN = {"m": "http://maven.apache.org/POM/4.0.0"}
VERSION = re.compile(r"<(?P<name>[\w.-]*version)>(?P<version>[^<]*)</(?P=name)>")
EXACT = re.compile(r"\$\{[\w.-]+\}|\d[\w.-]*(?<!-SNAPSHOT)")
WRAPPER = Path(".mvn/wrapper/maven-wrapper.properties")


def main() -> int:
    """Run the checks and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the project")
    parser.add_argument("--sbom", type=Path, default=Path("var/sbom.cdx.json"), help="its SBOM")
    parser.add_argument("--release", action="store_true", help="fail on what is to do before a release")
    args = parser.parse_args()
    own = _text(args.project, "groupId")
    components = json.loads(args.sbom.read_text())["components"]
    libraries = [each for each in components if each.get("group") != own]
    clients = args.project / "acceptance/requirements.txt"
    name = _text(args.project, "artifactId").removesuffix("-parent")
    outcomes = {
        "versions": check_versions(args.project),
        "hashes": check_hashes([clients]),
        "actions": check_actions(args.project),
        "images": check_images(args.project, name),
        "SBOM": check_sbom(libraries),
        "vulnerabilities": check_vulnerabilities(purls(libraries, clients.read_text())),
    }
    for module in ("", "chassis"):
        path = args.project / module / "src/main/resources/security.txt"
        if path.exists():
            outcomes["security.txt"] = check_security_txt(path, datetime.now(UTC))
    return print_results(outcomes, release=args.release)


def check_versions(project: Path) -> Outcome:
    """Return what a build could get in another version tomorrow: libraries, plugins, and Maven itself."""
    wrong, count = [], 0
    own = _text(project, "version")
    for path in _builds(project):
        for found in VERSION.finditer(path.read_text()):
            count += 1
            if found["version"] != own and not EXACT.fullmatch(found["version"]):
                wrong.append(f"{path}: {found['name']} {found['version']} is not an exact version")
    if "\ndistributionSha256Sum=" not in (project / WRAPPER).read_text():
        wrong.append(f"{WRAPPER}: Maven has no distributionSha256Sum")
    return Outcome(wrong, [], f"{count} versions are exact, and Maven has a hash")


def check_sbom(libraries: Sequence[Any]) -> Outcome:
    """Return the libraries that Maven resolved to a version that can change, or without a hash."""
    wrong = [
        f"{each['name']} {each['version']} is a snapshot"
        for each in libraries
        if each["version"].endswith("-SNAPSHOT")
    ]
    wrong += [f"{each['name']} {each['version']} has no hash" for each in libraries if not each.get("hashes")]
    return Outcome(wrong, [], f"{len(libraries)} libraries have a version and hashes")


def check_vulnerabilities(packages: Sequence[str], address: str = OSV) -> Outcome:
    """Ask OSV for the known vulnerabilities of packages; this needs a network."""
    queries = {"queries": [{"package": {"purl": each}} for each in packages]}
    request = urllib.request.Request(
        address, json.dumps(queries).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            results = json.load(response)["results"]
    except OSError as error:
        return Outcome([], [f"OSV cannot be reached from here ({error}); check where it can"], "")
    wrong = [
        f"{package} has {found['id']}"
        for package, result in zip(packages, results, strict=True)
        for found in result.get("vulns", ())
        if found["id"] not in ACCEPTED
    ]
    return Outcome(wrong, [], f"OSV knows none in {len(packages)} packages")


def purls(libraries: Sequence[Any], requirements: str) -> list[str]:
    """Return the package URLs of the libraries in an SBOM, and of the Python packages in a file of pins."""
    of_maven = {each["purl"].partition("?")[0] for each in libraries if "purl" in each}
    of_pip = {f"pkg:pypi/{each['name']}@{each['version']}" for each in REQUIREMENT.finditer(requirements)}
    return sorted(of_maven | of_pip)


def _text(project: Path, name: str) -> str:
    return ElementTree.parse(project / "pom.xml").findtext(f"m:{name}", "", MAVEN)


def _builds(project: Path) -> Iterator[Path]:
    yield project / "pom.xml"
    for module in ElementTree.parse(project / "pom.xml").iterfind("m:modules/m:module", MAVEN):
        yield project / (module.text or "") / "pom.xml"


if __name__ == "__main__":
    sys.exit(main())
