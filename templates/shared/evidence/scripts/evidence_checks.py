"""Checks of the supply chain that do not depend on the language: pins, actions, images, security.txt."""

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

NAME = r"(?P<name>[\w.-]+)(?:\[[^]]*\])?"
REQUIREMENT = re.compile(rf"(?m)^{NAME}==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$")
LOOSE = re.compile(rf"(?m)^(?!-r |#|\s|{NAME}==).+")
ACTION = re.compile(r"(?m)^\s*(?:- )?uses: (\S+)")
IMAGE = re.compile(r"(?m)^(?:FROM|\s*(?:- )?image:) ([^\s{$]+)(?=\s|$)")
EXACT = re.compile(r":v?\d+\.\d+[^@]*(@sha256:[0-9a-f]{64})?$")
# The overlays of a cluster put the image of each service there.
PLACEHOLDER = "service"
RENEW_BEFORE = timedelta(days=30)
# RFC 9116 recommends an expiry within a year.
LONGEST = timedelta(days=366)


class Outcome(NamedTuple):
    """Result of a check: what is wrong, what is to do before a release, and what else there is to say."""

    wrong: list[str]
    to_do: list[str]
    summary: str


def print_results(outcomes: Mapping[str, Outcome], *, release: bool) -> int:
    """Print the results of the checks and return the exit code."""
    for name, outcome in outcomes.items():
        passed = [] if outcome.wrong or not outcome.summary else [outcome.summary]
        for label, texts in (("wrong", outcome.wrong), ("to do", outcome.to_do), ("ok", passed)):
            for text in texts:
                print(f"{name:16}{label:6} {text}")
    failed = [name for name, each in outcomes.items() if each.wrong or (release and each.to_do)]
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def check_hashes(files: list[Path]) -> Outcome:
    """Return the packages of requirements files that have no exact version or no hash."""
    wrong, count = [], 0
    for path in files:
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


def check_images(project: Path, own: str) -> Outcome:
    """Return images without an exact version, and those of production that have no digest.

    The project's own images, whose names begin with `own`, have the tag of a release.
    """
    production = deployed_files(project)
    everywhere = [*production, *sorted(project.glob("deploy/**/*.yaml")), *_workflows(project)]
    images = {
        (image, path in production)
        for path in everywhere
        for image in IMAGE.findall(path.read_text())
        if not image.startswith(own) and image != PLACEHOLDER
    }
    wrong = [f"{image} has no exact version" for image, _ in sorted(images) if not EXACT.search(image)]
    to_do = [
        f"pin {image} by digest: make digests"
        for image, is_deployed in sorted(images)
        if is_deployed and "@" not in image
    ]
    return Outcome(wrong, to_do, f"{len({image for image, _ in images})} images have an exact version")


def deployed_files(project: Path) -> list[Path]:
    """Return the files that name images of others which run in production."""
    found = [project / "Dockerfile"]
    # A cluster or a cloud has managed servers instead.
    if not [*project.glob("deploy/*/base"), *project.glob("deploy/*/*.tf")]:
        found += sorted(project.glob("deploy/**/compose.yaml"))
    return [path for path in found if path.exists()]


def check_security_txt(path: Path, now: datetime) -> Outcome:
    """Return what people who found a vulnerability would miss in security.txt (RFC 9116)."""
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
