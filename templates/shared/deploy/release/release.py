"""Release images to Kubernetes, or roll back: set their tag, apply, and wait until it is done.

python scripts/release.py 1.1.0               # all images
python scripts/release.py 1.1.0 shop-catalog  # only the named ones

Migrations and rollout start together, because a new pod is not ready until the migrations of its release have
been applied. An older release accepts the newer schema.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

OVERLAYS = Path(__file__).parent.parent / "deploy/kubernetes/overlays"
MIGRATIONS = "app.kubernetes.io/component=migrate"
# What was applied has this label.
PART = "app.kubernetes.io/part-of"
# It becomes part of the name of a Job, which may have 63 characters.
TAG = re.compile(r"[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?")
IMAGE = re.compile(r'(?m)^  - name: (?P<name>\S+)\n(?:    newName: .*\n)?    newTag: "?(?P<tag>[^"\s]+)"?$')
POLL_SECONDS = 1.0


class Failed(Exception):
    """The release failed; the message says why, and what to do."""


def main() -> int:
    """Release and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tag")
    parser.add_argument("images", nargs="*", help="names of images in the overlay; all by default")
    parser.add_argument("--overlay", default="production")
    parser.add_argument("--timeout", type=float, default=900, metavar="SECONDS")
    args = parser.parse_args()
    folder = OVERLAYS / args.overlay
    try:
        namespace = set_tags(folder / "kustomization.yaml", args.tag, args.images)
        release(Kubectl(namespace, time.monotonic() + args.timeout), folder)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def set_tags(path: Path, tag: str, images: Sequence[str]) -> str:
    """Set the tag of the images in a kustomization; return its namespace."""
    if not TAG.fullmatch(tag):
        raise Failed("Say which tag, in lower case: make release TAG=1.1.0")
    text = path.read_text()
    entries = {each["name"]: each for each in IMAGE.finditer(text)}
    if unknown := set(images) - entries.keys():
        raise Failed(f"No image {', '.join(sorted(unknown))} in {path}. Use some of: {', '.join(entries)}.")
    for name in reversed(entries):
        if name in (images or entries):
            start, end = entries[name].span("tag")
            text = text[:start] + tag + text[end:]
    path.write_text(text)
    return re.findall(r"(?m)^namespace: (\S+)$", text)[0]


class Kubectl:
    """Runs kubectl in one namespace, until a deadline of the monotonic clock."""

    def __init__(self, namespace: str, deadline: float) -> None:
        self.namespace = namespace
        self._deadline = deadline

    def run(self, *args: str) -> str:
        """Return what kubectl prints; raise `Failed` with its message."""
        try:
            return subprocess.run(
                ["kubectl", "--namespace", self.namespace, *args],
                capture_output=True,
                text=True,
                check=True,
                timeout=max(self._deadline - time.monotonic(), 1),
            ).stdout
        except subprocess.CalledProcessError as error:
            raise Failed(error.stderr.strip()) from error
        except subprocess.TimeoutExpired as error:
            raise Failed(
                f"Not done in time: kubectl {' '.join(args)}. Look with `kubectl get pods`."
            ) from error

    def jobs(self) -> dict[str, str]:
        """Return the migration Jobs, and how each ended: `Complete`, `Failed`, or an empty text."""
        found = json.loads(self.run("get", "jobs", "--selector", MIGRATIONS, "--output", "json"))["items"]
        return {each["metadata"]["name"]: _end(each["status"].get("conditions", ())) for each in found}

    def log(self, job: str) -> str:
        """Return the end of a Job's log; an empty text if it has no pod, as after its deadline."""
        try:
            return self.run("logs", f"job/{job}", "--tail", "20")
        except Failed:
            return ""


def release(kubectl: Kubectl, folder: Path) -> None:
    """Apply an overlay; return when its migrations and its rollout are done."""
    # A Job cannot be changed, so replace those that have ended. Others go on: migrations take turns.
    if ended := [name for name, end in kubectl.jobs().items() if end]:
        kubectl.run("delete", "jobs", *ended)
    applied = [each.split("/") for each in kubectl.run("apply", "-k", str(folder), "-o", "name").split()]
    names = {name for kind, name in applied if kind == "job.batch"}
    while waiting := names - {name for name, end in kubectl.jobs().items() if _succeeded(kubectl, name, end)}:
        print(f"Waiting for {', '.join(sorted(waiting))}", flush=True)
        time.sleep(POLL_SECONDS)
    for kind, name in applied:
        if kind == "deployment.apps":
            print(kubectl.run("rollout", "status", f"deployment/{name}"), end="", flush=True)
    delete_unused_settings(kubectl, {name for kind, name in applied if kind == "configmap"})


def delete_unused_settings(kubectl: Kubectl, current: Collection[str]) -> None:
    """Delete ConfigMaps of earlier releases: each change of a setting makes another one.

    Those of releases that Kubernetes still knows stay, so `kubectl rollout undo` works.
    """
    used = kubectl.run("get", "replicasets,jobs", "--output", "json")
    found = kubectl.run("get", "configmaps", "--selector", PART, "--output", "name").split()
    names = {each.partition("/")[2] for each in found} - set(current)
    if unused := sorted(name for name in names if f'"{name}"' not in used):
        kubectl.run("delete", "configmaps", *unused)


def _succeeded(kubectl: Kubectl, name: str, end: str) -> bool:
    if end == "Failed":
        raise Failed(
            f"{kubectl.log(name)}{name} failed, so the old release still serves. "
            "Release a mended tag or the old one."
        )
    return end == "Complete"


def _end(conditions: Iterable[dict[str, str]]) -> str:
    ends = (each["type"] for each in conditions if each["status"] == "True")
    return next((each for each in ends if each in {"Complete", "Failed"}), "")


if __name__ == "__main__":
    sys.exit(main())
