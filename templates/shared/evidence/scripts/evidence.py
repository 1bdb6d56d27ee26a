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
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

# Id of a known vulnerability: why it cannot harm this project.
ACCEPTED: dict[str, str] = {}

NAME = r"(?P<name>[\w.-]+)(?:\[[^]]*\])?"
REQUIREMENT = re.compile(rf"(?m)^{NAME}==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$")
LOOSE = re.compile(rf"(?m)^(?!-r |#|\s|{NAME}==).+")
ACTION = re.compile(r"(?m)^\s*(?:- )?uses: (\S+)")
IMAGE = re.compile(r"(?m)^(?:FROM|\s*(?:- )?image:) ([^\s{$]+)(?=\s|$)")
EXACT = re.compile(r":v?\d+\.\d+[^@]*(@sha256:[0-9a-f]{64})?$")
RENEW_BEFORE = timedelta(days=30)
# RFC 9116 recommends an expiry within a year.
LONGEST = timedelta(days=366)


class Outcome(NamedTuple):
    """Result of a check: what is wrong, what is to do before a release, and what else there is to say."""

    wrong: list[str]
    to_do: list[str]
    summary: str


def main() -> int:
    """Run the checks and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--project", type=Path, default=Path(), help="folder of the project")
    parser.add_argument("--environment", type=Path, default=Path(".venv"), help="environment of the project")
    parser.add_argument("--sbom", type=Path, default=Path("var/sbom.cdx.json"), help="its SBOM")
    parser.add_argument("--release", action="store_true", help="fail on what is to do before a release")
    args = parser.parse_args()
    args.sbom.parent.mkdir(parents=True, exist_ok=True)
    outcomes = {
        "hashes": check_hashes(args.project),
        "actions": check_actions(args.project),
        "images": check_images(args.project),
        "SBOM": check_sbom(args.project, args.environment, args.sbom),
        "vulnerabilities": check_vulnerabilities(args.project),
        "security.txt": check_security_txt(args.project, datetime.now(UTC)),
    }
    for name, outcome in outcomes.items():
        passed = [] if outcome.wrong or not outcome.summary else [outcome.summary]
        for label, texts in (("wrong", outcome.wrong), ("to do", outcome.to_do), ("ok", passed)):
            for text in texts:
                print(f"{name:16}{label:6} {text}")
    failed = [name for name, each in outcomes.items() if each.wrong or (args.release and each.to_do)]
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def check_hashes(project: Path) -> Outcome:
    """Return the packages of `requirements` that have no exact version or no hash."""
    wrong, count = [], 0
    for path in sorted(project.glob("requirements/*.txt")):
        text = path.read_text()
        wrong += [f"{path.name}: {line[0]} has no exact version" for line in LOOSE.finditer(text)]
        for package in REQUIREMENT.finditer(text):
            count += 1
            if "--hash=sha256:" not in package["rest"]:
                wrong.append(f"{path.name}: {package['name']} has no hash")
    return Outcome(wrong, [], f"{count} packages have a version and hashes")


def check_actions(project: Path) -> Outcome:
    """Return the actions of workflows that are not pinned by commit."""
    used = [name for path in _workflows(project) for name in ACTION.findall(path.read_text())]
    foreign = [name for name in used if not name.startswith("./")]
    wrong = [f"{name} is not pinned by commit" for name in foreign if not re.search(r"@[0-9a-f]{40}$", name)]
    return Outcome(wrong, [], f"{len(foreign)} uses are pinned by commit")


def check_images(project: Path) -> Outcome:
    """Return images without an exact version, and those of production that have no digest."""
    own = tomllib.loads((project / "pyproject.toml").read_text())["project"]["name"]
    production = [project / "Dockerfile"]
    if not list(project.glob("deploy/*/base")):  # without manifests for a cluster, Compose is production
        production.append(project / "deploy/compose.yaml")
    everywhere = [*production, *sorted(project.glob("deploy/**/*.yaml")), *_workflows(project)]
    images = {
        (image, path in production)
        for path in everywhere
        if path.exists()
        for image in IMAGE.findall(path.read_text())
        if not image.startswith(own)
    }
    wrong = [f"{image} has no exact version" for image, _ in sorted(images) if not EXACT.search(image)]
    to_do = [
        f"pin {image} by digest; `docker buildx imagetools inspect {image}` prints it"
        for image, is_deployed in sorted(images)
        if is_deployed and "@" not in image
    ]
    return Outcome(wrong, to_do, f"{len({image for image, _ in images})} images have an exact version")


def check_sbom(project: Path, environment: Path, target: Path) -> Outcome:
    """Write the bill of materials of an environment, and compare it with the pins."""
    # Reproducible: without the time and a random serial number.
    options = ["--output-reproducible", "--output-file", str(target)]
    done = _run("cyclonedx_py", "environment", *options, str(environment))
    if done.returncode:
        return Outcome([done.stderr.strip()], [], "")
    pins: dict[str, set[str]] = {}
    for path in project.glob("requirements/*.txt"):
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
    for path in sorted(project.glob("requirements/*.txt")):
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


def check_security_txt(project: Path, now: datetime) -> Outcome:
    """Return what people who found a vulnerability would miss in security.txt (RFC 9116)."""
    sources = (project / "src", project / "libs/src")
    path = next((each for source in sources for each in source.glob("chassis/serving/security.txt")), None)
    if path is None:
        return Outcome([], [], "the project serves none")
    fields = dict(re.findall(r"(?m)^([A-Z][\w-]+): (.+)$", path.read_text()))
    contact, expires = fields.get("Contact", ""), datetime.fromisoformat(fields["Expires"])
    wrong = [f"{path} has expired; check the contact, and set another date"] if expires <= now else []
    to_do = []
    if contact in ("", "mailto:security@example.com"):
        to_do.append(f"name your contact in {path} and in SECURITY.md")
    if now < expires <= now + RENEW_BEFORE:
        to_do.append(f"{path} expires on {expires:%Y-%m-%d}; check the contact, and set another date")
    if expires > now + LONGEST:
        to_do.append(f"{path} expires in more than a year; set an earlier date")
    return Outcome(wrong, to_do, f"valid until {expires:%Y-%m-%d}" if not wrong else "")


def _workflows(project: Path) -> Iterator[Path]:
    for ending in ("yml", "yaml"):
        yield from sorted(project.glob(f".github/workflows/*.{ending}"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
