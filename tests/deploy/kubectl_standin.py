"""Stand-in for kubectl: applies to a file instead of a cluster, and keeps a record of all calls.

Its folder is in STANDIN. Jobs end the second time they are looked at: as `Failed` if FAILING is part of their
name. A changed Job is refused, as by Kubernetes. With NO_LOGS, there is no pod that could have a log.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(os.environ["STANDIN"])
JOBS = FOLDER / "jobs.json"


def main(arguments: list[str]) -> int:
    """Run one command of kubectl and return its exit code."""
    assert arguments.pop(0) == "--namespace"
    namespace = arguments.pop(0)
    with (FOLDER / "calls").open("a") as calls:
        calls.write(f"{namespace}: {' '.join(arguments)}\n")
    jobs: dict[str, Any] = json.loads(JOBS.read_text()) if JOBS.exists() else {}
    match arguments:
        case ["get", "jobs", "--selector", label, *_]:
            found = {name: job for name, job in jobs.items() if label in job["labels"]}
            print(json.dumps({"items": [_seen(name, job) for name, job in found.items()]}))
        case ["get", *_]:
            pass
        case ["delete", "jobs", *names]:
            for name in names:
                del jobs[name]
        case ["apply", "-k", folder, "-o", "name"]:
            for kind, group, name, spec, labels in _objects(folder):
                job = {"spec": spec, "labels": labels, "seen": 0}
                if kind == "Job" and jobs.setdefault(name, job)["spec"] != spec:
                    print(f'The Job "{name}" is invalid: field is immutable', file=sys.stderr)
                    return 1
                print(f"{kind.lower()}{group}/{name}")
        case ["rollout", "status", name]:
            print(f"{name} successfully rolled out")
        case ["logs", *_] if "NO_LOGS" in os.environ:
            print("error: timed out waiting for the condition", file=sys.stderr)
            return 1
        case ["logs", name, *_]:
            print(f"the log of {name}")
        case _:
            raise AssertionError(arguments)
    JOBS.write_text(json.dumps(jobs))
    return 0


def _objects(folder: str) -> list[tuple[str, str, str, Any, list[str]]]:
    built = subprocess.run(
        [os.environ["KUBECTL"], "kustomize", folder], capture_output=True, check=True
    ).stdout
    return [
        (
            each["kind"],
            _group(each["apiVersion"]),
            each["metadata"]["name"],
            each.get("spec"),
            [f"{name}={value}" for name, value in each["metadata"].get("labels", {}).items()],
        )
        for each in yaml.load_all(built, yaml.CSafeLoader)
    ]


def _group(version: str) -> str:
    group, _, _ = version.rpartition("/")
    return f".{group}" if group else ""


def _seen(name: str, job: dict[str, Any]) -> dict[str, Any]:
    job["seen"] += 1
    end = "Failed" if os.environ.get("FAILING", " ") in name else "Complete"
    conditions = [{"type": end, "status": "True"}] if job["seen"] > 1 else []
    return {"metadata": {"name": name}, "status": {"conditions": conditions} if conditions else {}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
